"""The colours live in `rnnviz.theme`; here for those who still look for them in the old place."""

from rnnviz.theme import DARK, LIGHT, PALETTES, Palette, ThemeName, css_variables, signed_rgb, text_on

__all__ = ["DARK", "LIGHT", "PALETTES", "Palette", "ThemeName", "css_variables", "signed_rgb", "text_on"]
