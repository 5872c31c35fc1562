"""What the reader holds by dragging in the picture: a gate's valve, a state, an input. Everything after it follows.

Three lines make a lesson's player one in which the reader can drag. In its model.py:

    from lessons.common.interventions import HOLDS, held_pass

    def controls(values):
        return (..., HOLDS)                           # 1. one more control; it has no place on the screen of its own

    @dataclass(frozen=True)
    class Settings:
        ...
        holds: str = ""                               # 2. its value, a short text: "f_9_1_0.35__x_3_2_-1"

    x, surgery = held_pass(network, x, settings.holds)          # 3. where the network is run; other interventions of
    trace = rv.unroll(network, x, surgery=surgery)              #    the lesson's own go in as a fourth argument

`Page.player` finds the control and hands it on. In a story the player is given what is held, `stages.player(...,
holds=moment.values["holds"])`; where a beat has a control for it, the model's `held(holds, values)` says what a drag
sets it to.

The text is that of `rnnviz.player.holds`, which says what it means. It is kept as all controls are: in the session, and
in the address when nothing moves; while the reader drags, one message is in flight and the newest value is next. What
makes no sense is left out, as are steps, units and gates that the network at hand does not have: from the address, too,
though they are back with the network that has them, as long as nothing else is dragged.

    kept_holds(network, steps, settings.holds)        those that there are, as records, for facts and programs
"""

from dataclasses import dataclass
from typing import Any

from rnnviz.player.holds import held_pass, kept_holds, read_holds, write_holds

__all__ = ["HOLDS", "Holds", "held_pass", "kept_holds", "read_holds", "write_holds"]


@dataclass(frozen=True)
class Holds:
    """The control: what is held, as text. Nothing of it is shown among the controls; the player shows it."""

    id: str = "holds"
    default: str = ""
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> str:
        """The holds of a text, in their shortest form; nothing where there are none."""
        said = said[-1] if isinstance(said, list | tuple) and said else said
        return write_holds(read_holds(said)) if isinstance(said, str) else self.default

    def write(self, value: str) -> str:
        """As the address has it."""
        return value


HOLDS = Holds()
