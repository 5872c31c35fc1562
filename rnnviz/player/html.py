"""A stage as one HTML file that needs nothing else, for slides, course pages and e-mail; the player in notebooks."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from rnnviz.bptt import Gradients
from rnnviz.player.module import joined, style
from rnnviz.player.payload import Start, pack
from rnnviz.player.stages import kind_of, stage
from rnnviz.theme import DARK, LIGHT
from rnnviz.trace import Trace

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{margin:0;{layout}
background:light-dark({light},{dark});font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}}
{style}</style></head>
<body><div id="{kind}"></div>
<script type="module">
{script}
const data = {data};
${kind}.mount(document.getElementById("{kind}"), data, () => {{}});
</script></body></html>
"""
SCROLLS = "padding:8px 16px;max-width:1232px;margin-inline:auto;"  # the player is as high as it needs to be,
FILLS = "overflow:hidden}body>div{position:relative;height:100dvh}body{"  # all others fill the window


@dataclass(frozen=True)
class Player:
    """A player of one payload; the last expression of a notebook's cell shows it."""

    payload: bytes
    title: str = "A recurrent network, step by step"
    height: int = 860

    def html(self) -> str:
        """The whole page."""
        return stage_to_html(stage(self.payload), title=self.title)

    def _repr_html_(self) -> str:
        """In a frame of its own, so that the notebook's style and the player's leave each other alone."""
        frame = f'style="width:100%;height:{self.height}px;border:0" title="{html.escape(self.title)}"'
        return f'<iframe {frame} srcdoc="{html.escape(self.html())}"></iframe>'


def to_html(
    trace: Trace,
    grads: Gradients | None = None,
    path: str | PathLike[str] | None = None,
    *,
    title: str = "A recurrent network, step by step",
    sequence: int = 0,
    tokens: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    loss: float | None = None,
    note: str = "",
    start: Start | None = None,
) -> str:
    """The player as one self-contained page; written to `path` if one is given. The rest as in `pack`."""
    given: dict[str, Any] = {"tokens": tokens, "inputs": inputs, "outputs": outputs}
    payload = pack(trace, grads, sequence=sequence, loss=loss, note=note, start=start, **given)
    return stage_to_html(stage(payload), path, title=title)


def stage_to_html(
    given: Mapping[str, Any], path: str | PathLike[str] | None = None, *, title: str = "A recurrent network"
) -> str:
    """A stage of any kind (see `stages`) as one self-contained page; written to `path` if one is given.

    Raises ShapeError where no component has that kind.
    """
    kind = kind_of(given)
    page = PAGE.format(
        title=html.escape(title),
        layout=SCROLLS if kind == "player" else FILLS,
        light=LIGHT.background,
        dark=DARK.background,
        kind=kind,
        style=style(kind),
        script=joined(kind),
        data=json.dumps(dict(given), separators=(",", ":")).replace("<", "\\u003c"),
    )
    if path is not None:
        Path(path).write_text(page, encoding="utf-8")
    return page
