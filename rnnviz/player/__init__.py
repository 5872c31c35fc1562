"""The player: one animation of a recorded pass, forwards and backwards, in a browser.

pack(trace, grads, ...)    -> bytes: what is sent
held_pass(network, x, holds) what the reader holds in the picture, as the engine takes it; see holds.py
joined(name), style(name)   what draws it: JavaScript without dependencies, and its style sheet; see COMPONENTS
PLACES                     what can be selected in it, per cell
to_html(trace, grads, path) the same as one file that needs nothing else; `Player` shows it in a notebook
stage(payload, view)       the player as a stage: JSON that any host can show; those of the others are stages, too
stage_to_html(stage, path) a stage of any kind as one file
widget(stage)              a stage of any kind in a notebook, in touch with Python; it needs anywidget
"""

from rnnviz.player.holds import Held, held_pass, kept_holds, read_holds, write_holds
from rnnviz.player.html import Player, stage_to_html, to_html
from rnnviz.player.module import COMPONENTS, HERE, joined, style
from rnnviz.player.notebook import widget
from rnnviz.player.payload import Start, pack
from rnnviz.player.places import PLACES
from rnnviz.player.stages import stage

__all__ = [
    "COMPONENTS",
    "HERE",
    "PLACES",
    "Held",
    "Player",
    "Start",
    "held_pass",
    "joined",
    "kept_holds",
    "pack",
    "read_holds",
    "stage",
    "stage_to_html",
    "style",
    "to_html",
    "widget",
    "write_holds",
]
