"""The player as one HTML file that needs nothing else, for slides, course pages and e-mail; and for notebooks."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from rnnviz.bptt import Gradients
from rnnviz.player.module import joined, style
from rnnviz.player.payload import Start, pack
from rnnviz.theme import DARK, LIGHT
from rnnviz.trace import Trace

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{margin:0;padding:8px 16px;max-width:1232px;margin-inline:auto;
background:light-dark({light},{dark});font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}}
{style}</style></head>
<body><div id="player"></div>
<script type="module">
{script}
const payload = Uint8Array.from(atob("{payload}"), character => character.charCodeAt(0));
$player.mount({{ parentElement: document.getElementById("player"), data: payload, setStateValue() {{}} }});
</script></body></html>
"""


@dataclass(frozen=True)
class Player:
    """A player of one payload; the last expression of a notebook's cell shows it."""

    payload: bytes
    title: str = "A recurrent network, step by step"
    height: int = 860

    def html(self) -> str:
        """The whole page."""
        return PAGE.format(
            title=html.escape(self.title),
            light=LIGHT.background,
            dark=DARK.background,
            style=style("player"),
            script=joined("player"),
            payload=base64.b64encode(self.payload).decode(),
        )

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
    given = {"tokens": tokens, "inputs": inputs, "outputs": outputs}
    payload = pack(trace, grads, sequence=sequence, loss=loss, note=note, start=start, **given)
    page = Player(payload, title).html()
    if path is not None:
        Path(path).write_text(page, encoding="utf-8")
    return page
