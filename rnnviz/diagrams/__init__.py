"""What no chart library draws, as HTML: small arrays and words in, a string that a page puts where it belongs.

A notebook shows a diagram by itself; a page puts `style()` once. All words come in as arguments: text, or HTML that
says so (`__html__`, as `markupsafe.Markup` does). What is clicked has `data-target` and `data-value`, JSON.
"""

from rnnviz.diagrams.cards import Card, bars, cards, cloud
from rnnviz.diagrams.chain import Numbers, Sizes, Words, product_of_numbers, product_of_sizes
from rnnviz.diagrams.confusion import confusion
from rnnviz.diagrams.equation import equation, gate, sign, signed, term
from rnnviz.diagrams.guesses import Answer, guesses, percent
from rnnviz.diagrams.html import Diagram, style, symbol, text
from rnnviz.diagrams.intervals import Scored, intervals
from rnnviz.diagrams.mattered import mattered
from rnnviz.diagrams.tape import tape
from rnnviz.diagrams.update_gate import Update, update_gate

__all__ = [
    "Answer",
    "Card",
    "Diagram",
    "Numbers",
    "Scored",
    "Sizes",
    "Update",
    "Words",
    "bars",
    "cards",
    "cloud",
    "confusion",
    "equation",
    "gate",
    "guesses",
    "intervals",
    "mattered",
    "percent",
    "product_of_numbers",
    "product_of_sizes",
    "sign",
    "signed",
    "style",
    "symbol",
    "tape",
    "term",
    "text",
    "update_gate",
]
