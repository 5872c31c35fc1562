"""The signed scale in both themes."""

import pytest

from rnnviz.figures.theme import PALETTES, ThemeName, css_variables, signed_rgb, text_on

by_theme = pytest.mark.parametrize("name", ["light", "dark"])


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@by_theme
def test_zero_is_the_page_and_the_ends_are_blue_and_orange(name: ThemeName) -> None:
    palette = PALETTES[name]
    assert signed_rgb(0, palette) == rgb(palette.background)
    assert signed_rgb(-1, palette) == signed_rgb(-7, palette) == rgb(palette.negative)
    assert signed_rgb(1, palette) == rgb(palette.positive)


@by_theme
@pytest.mark.parametrize("value", [-1, -0.6, -0.3, 0, 0.3, 0.6, 1])
def test_text_on_the_scale_is_legible(name: ThemeName, value: float) -> None:
    """WCAG 2.2, success criterion 1.4.3."""
    background = signed_rgb(value, PALETTES[name])
    lighter, darker = sorted((luminance(background), 1.0 if text_on(background) == "#ffffff" else 0.0), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: tuple[int, int, int]) -> float:
    channels = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_has_a_variable_with_both_themes() -> None:
    assert f"--rnn-negative:light-dark({PALETTES['light'].negative},{PALETTES['dark'].negative});" in css_variables()
