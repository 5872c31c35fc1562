"""The three cells, by name: equations, readable `step`, and the fast whole-sequence `forward` and `backward`.

What a cell is, apart from its equations, stands in its `SPEC` (spec.py).
"""

from typing import TypeAlias

from rnnviz.cells.elman import Elman
from rnnviz.cells.gru import GRU
from rnnviz.cells.lstm import LSTM
from rnnviz.cells.spec import CellSpec, Gate

Cell: TypeAlias = Elman | LSTM | GRU

CELLS: dict[str, type[Cell]] = {cell.SPEC.name: cell for cell in (Elman, LSTM, GRU)}

__all__ = ["CELLS", "GRU", "LSTM", "Cell", "CellSpec", "Elman", "Gate"]
