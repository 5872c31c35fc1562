"""The player: one animation of a recorded pass, forwards and backwards, in a browser.

pack(trace, grads, ...)    -> bytes: what is sent
joined(name), style(name)   what draws it: JavaScript without dependencies, and its style sheet; see COMPONENTS
PLACES                     what can be selected in it, per cell
to_html(trace, grads, path) the same as one file that needs nothing else; `Player` shows it in a notebook
"""

from rnnviz.player.html import Player, to_html
from rnnviz.player.module import COMPONENTS, HERE, joined, style
from rnnviz.player.payload import Start, pack
from rnnviz.player.places import PLACES

__all__ = ["COMPONENTS", "HERE", "PLACES", "Player", "Start", "joined", "pack", "style", "to_html"]
