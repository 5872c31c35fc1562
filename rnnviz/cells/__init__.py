"""The three cells, by name: equations, readable `step`, and the fast whole-sequence `forward` and `backward`."""

from typing import TypeAlias

from rnnviz.cells.elman import Elman
from rnnviz.cells.gru import GRU
from rnnviz.cells.lstm import LSTM

Cell: TypeAlias = Elman | LSTM | GRU

CELLS: dict[str, type[Cell]] = {"elman": Elman, "lstm": LSTM, "gru": GRU}

__all__ = ["CELLS", "GRU", "LSTM", "Cell", "Elman"]
