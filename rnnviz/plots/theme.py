"""How charts look: Vega-Lite's config for a light and a dark page, and for a projector.

Specs name colours as members of the parameter `palette` (`palette.forget`), which the config sets: a view that is
shown already changes its theme by another config alone. The colours are those of `rnnviz.theme`.
"""

from dataclasses import asdict
from typing import Any, Literal, TypeAlias

from rnnviz.theme import DARK, LIGHT, Palette

Look: TypeAlias = Literal["light", "dark", "projector"]
SIZE = 14  # px of the smallest type at 1280 px, and on a projector 17
_PALETTES: dict[Look, Palette] = {"light": LIGHT, "dark": DARK, "projector": LIGHT}
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", "Segoe UI", "Liberation Sans", Arial, sans-serif'


def palette(look: Look) -> dict[str, str]:
    """{name: colour}, as the parameter `palette` holds it."""
    return asdict(_PALETTES[look])


def config(look: Look) -> dict[str, Any]:
    """The config to compile a spec with."""
    colours, size = palette(look), SIZE + 3 * (look == "projector")
    ink, muted = colours["ink"], colours["muted"]
    label = {"labelFontSize": size, "labelColor": muted, "titleFontSize": size, "titleColor": muted}
    return {
        "params": [{"name": "palette", "value": colours}, {"name": "type", "value": size}],
        "background": colours["background"],
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None, "cursor": "default"},
        "title": {"anchor": "start", "frame": "group", "fontSize": size + 2, "fontWeight": 600, "color": ink},
        "axis": label
        | {"labelFontWeight": 400, "titleFontWeight": 400, "domainColor": muted, "tickColor": muted, "grid": False},
        "axisY": {"minExtent": 46, "maxExtent": 46, "domain": False, "ticks": False, "labelPadding": 8},
        "legend": {"labelFontSize": size, "labelColor": ink, "labelLimit": 400, "symbolStrokeWidth": 2.5},
        "text": {"fontSize": size, "color": ink},
        "range": {"diverging": [colours["negative"], colours["background"], colours["positive"]]},
    }
