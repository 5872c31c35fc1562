"""What a cell is, said once: its gates, their activations, roles, letters and colours, and what can be selected in it.

Each cell's file has one such record, `SPEC`. The engine's other parts read it; the player's payload carries it to the
JavaScript (`as_json`), where `model.spec` is the same record. What is particular to a cell beyond it are its equations,
in its own file, and its picture: see "A cell" in CONTRIBUTING.

A state is "h" or "c". The path is the state that goes from step to step almost as it is, where there is one such:

    path_t = keep_t * path_{t-1} + write_t * candidate_t        write = 1 - keep, where no gate of its own writes

    LSTM    path c, keep f, write i, candidate g; h = output * tanh(path)
    GRU     path h, keep z, write 1 - z, candidate n; reset r stands inside of the candidate
    Elman   path h; no gate keeps or writes: h is the activation of the sum, which counts as a gate "h" without a role
"""

from dataclasses import asdict, dataclass
from typing import Any

ROLES = ("keep", "write", "output", "reset", "candidate", "")


@dataclass(frozen=True)
class Gate:
    """One block of rows of the weights.

    letter      as parameters, traces and equations name it
    name        in words
    role        one of ROLES: "" for the Elman cell's activation, which is its state
    activation  "sigmoid" or "tanh"; "" where the network's `nonlinearity` is asked
    colour      the name of its hue in `rnnviz.theme.Palette`; dash: its line style, lengths of dashes and gaps
    """

    letter: str
    name: str = ""
    role: str = ""
    activation: str = ""
    colour: str = ""
    dash: tuple[int, ...] = ()


@dataclass(frozen=True)
class Place:
    """A place inside of the cell that stands for its result.

    ref     its name in every part of the player
    symbol  as written beside it; name: in words
    map     the quantity whose heat map shows it best
    needs   the places that have to be shown for it to be, in a story
    state   the state that it is, and that is held where the reader drags it; "" where it is none
    """

    ref: str
    symbol: str
    name: str
    map: str
    needs: tuple[str, ...]
    state: str = ""


@dataclass(frozen=True)
class CellSpec:
    """One cell.

    name, title  "lstm", "LSTM"
    gates        in the order of the parameters' rows
    states       the path's first
    path         the state that goes from step to step
    drawn        the gates' letters in the order in which they are drawn, from the top
    places       what can be selected besides operations, in the order in which it is computed
    maps         the quantities whose heat map can be seen, in the order of their buttons
    operations   in the order in which they are computed
    """

    name: str
    title: str
    gates: tuple[Gate, ...]
    states: tuple[str, ...]
    path: str
    drawn: tuple[str, ...]
    places: tuple[str, ...]
    maps: tuple[str, ...]
    operations: tuple[Place, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        """The gates' letters, in the order of the parameters' rows."""
        return tuple(gate.letter for gate in self.gates)

    def gate(self, letter: str) -> Gate:
        """The gate of that letter. Raises KeyError where there is none."""
        return {gate.letter: gate for gate in self.gates}[letter]

    def by_role(self, role: str) -> str | None:
        """The letter of the gate that has this role; None where no gate has."""
        return next((gate.letter for gate in self.gates if gate.role == role), None)

    @property
    def keep(self) -> str | None:
        """The letter of the gate that keeps the path's old state; None where none does."""
        return self.by_role("keep")

    @property
    def refs(self) -> tuple[str, ...]:
        """All that can be selected."""
        return (*self.places, *(operation.ref for operation in self.operations))

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON, with `roles`: {role: letter} for all roles that a gate has."""
        return asdict(self) | {"roles": {gate.role: gate.letter for gate in self.gates if gate.role}}
