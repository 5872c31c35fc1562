"""What can be selected in the player, per cell: states, gates and operations, as the cell's `SPEC` names them."""

from rnnviz.cells import CELLS

PLACES = {name: cell.SPEC.refs for name, cell in CELLS.items()}
