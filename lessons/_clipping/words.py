"""The words of the lesson on clipping. Every number in them is computed, on the page or when this file is read."""

from collections.abc import Mapping

import numpy as np

from lessons._clipping import experiment as clipping
from lessons._clipping.experiment import NORM, PRESETS, UNCLIPPED, VALUE, Settings
from lessons._clipping.training import BATCH, GAIN, LEARNING_RATE, SEEDS, STEPS, UNITS, UPDATES
from rnnviz import error_surface
from rnnviz.error_surface import H0, SLOPE, WALL_FROM, Descent
from rnnviz.figures.chart import pick
from rnnviz.figures.html import text
from rnnviz.figures.numbers import decimals, significant

WALL = (5.0, 5.5, 6.0)  # where the gradient on the wall is told


def say_what_you_saw(chosen: Settings, found: Mapping[str, Descent]) -> tuple[str, ...]:
    """The three descents, with the numbers on the screen; HTML."""
    cut = {name: clipping.work(name, descent, chosen) for name, descent in found.items()}
    return text(say_unclipped(chosen, found[UNCLIPPED])), *map(text, say_clipped(cut))


def say_unclipped(chosen: Settings, descent: Descent) -> str:
    """What became of the descent without clipping."""
    done, norm = clipping.last(descent), descent.norm_before[: clipping.last(descent)]
    top = int(norm.argmax()) if done else 0
    if done < clipping.UPDATES:
        return (
            f"Without clipping the numbers ended at update {done + 1}: the gradient or the weights left the finite "
            "range, and no step is possible any more. To come back, click on the map, or choose a setting below."
        )
    step = significant(chosen.rate * float(norm[top]))
    said = (
        f"Without clipping the longest gradient, at update {top + 1}, was {significant(float(norm[top]))}: one step of "
        f"{step}."
    )
    out, end = clipping.left_at(descent), significant(clipping.final_error(descent))
    place = f"w = {significant(float(descent.w[done]))}, b = {significant(float(descent.b[done]))}"
    if out is None:
        return f"{said} It ended on the map, at {place}, with E = {end}."
    return (
        f"{said} Since update {out} it has been off the map, and it ended at {place} with E = {end}. The gradient "
        f"there has a length of {significant(float(descent.norm_before[done]))}: from such a plain there is no quick "
        "way back. For you there is: click on the map, or choose a setting below."
    )


def say_clipped(cut: Mapping[str, clipping.Work]) -> tuple[str, ...]:
    """What clipping by value and by norm did."""
    if not cut[VALUE].clipped and not cut[NORM].clipped:
        longest = significant(cut[UNCLIPPED].largest)
        return (f"No gradient was longer than the threshold ({longest} at most), so clipping changed nothing at all.",)
    by_value, by_norm = _cut(VALUE, cut[VALUE]), _cut(NORM, cut[NORM])
    if cut[VALUE].clipped:
        by_value += (
            f" Cutting each entry by itself turned a gradient by up to {cut[VALUE].turned:.1f}°. Taken together, the "
            f"cut steps moved the descent {_along(cut[VALUE])}."
        )
    if cut[NORM].clipped:
        by_norm += (
            " No gradient was turned: both entries shrink by the same factor. The shortened steps moved the descent "
            f"{_along(cut[NORM])}."
        )
    return by_value, by_norm


def _cut(name: str, done: clipping.Work) -> str:
    if not done.clipped:
        return f"Clipping {name} never took hold: no gradient was too long for it."
    return (
        f"Clipping {name} took hold at {done.clipped} of {clipping.UPDATES} updates and changed {done.touched:.0%} of "
        f"all entries; of the longest gradient, {significant(done.largest)}, it left {significant(done.after)}."
    )


def _along(done: clipping.Work) -> str:
    return f"{significant(abs(done.along))} along the wall, towards {'larger' if done.along > 0 else 'smaller'} w"


def tries() -> str:
    """The presets, each a pick."""
    first, *others = PRESETS
    listed = ", ".join(pick(name, name) for name in others)
    return f"Try: {pick(first, first)}, {listed}; and {pick('back to the first setting', 'back')}."


def wall_gradients() -> str:
    """The length of the gradient on the wall for some w."""
    norms = error_surface.gradient_norm_on_wall(np.array(WALL))
    return ", ".join(f"{_long(norm)} for w = {w:g}" for norm, w in zip(norms.tolist(), WALL))


def _long(value: float) -> str:
    return significant(value) if value >= 1e6 else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


_LOW, _HIGH = (decimals(float(b), 5) for b in error_surface.saddle_nodes(WALL[0]))
_STEEP = float(np.degrees(np.arctan2(1.0, H0)))

EXPLANATION = f"""
#### Where the wall comes from

The unit reads nothing. Fifty times it puts its own output back in: xₜ = w σ(xₜ₋₁) + b, from x₀ = 0.5. Between the
dotted lines there are two states in which it can rest, a high and a low one, and between those an unstable one that
parts their basins. (At w = {WALL[0]:g} the lines are at b = {_LOW} and b = {_HIGH}. There a resting state appears or
vanishes, a *bifurcation*; Doya described what that does to learning.) The wall is where x₀ is the unstable state
itself:

b = 0.5 − σ(0.5) w = 0.5 − {H0:.6f} w, for w > 1/σ′(0.5) = {WALL_FROM:.5f}

A little above it the unit rises, and E is small; a little below it the unit falls, and E is large. On the wall each
step back through time multiplies the gradient by w σ′(0.5) = {SLOPE:.6f} w, which is more than 1. After fifty steps
‖∇E‖ is {wall_gradients()}.

#### What the two clippings do

**By value** (Mikolov): every entry by itself is cut to the threshold c, gᵢ ← min(max(gᵢ, −c), c). On the wall the
gradient stands at right angles to it, {_STEEP:.1f}° from the w axis. With both entries cut to c the step goes at 45°:
turned by {_STEEP - 45:.1f}°, along the wall and towards larger w, where the wall is steeper. What the descent gains
between two kicks, it may lose with the next. And what is left may be longer than c: here up to √2 times as long, with
n parameters √n times.

**By norm** (Pascanu, Mikolov and Bengio): the whole gradient becomes shorter, g ← g min(1, c / (‖g‖ + 10⁻⁶)), and keeps
its direction. (The small number is PyTorch’s, against a division by zero.) No step is longer than learning rate times
threshold, however high the wall.

**Neither** makes a short gradient longer: where it vanishes, clipping changes nothing. And neither makes the direction
on the wall a good one; it keeps a bad step small, so that the next ones can make up for it.

#### Which threshold?

A real training run: an Elman network with {UNITS} tanh units, started with a spectral radius of {GAIN:g}, learns
which of two symbols came first, the temporal order task ({STEPS} steps or a little more, {BATCH} sequences a batch), by
plain gradient descent at learning rate {LEARNING_RATE:g}. The threshold of each update is a multiple of the average
norm of all updates before it. Pascanu and colleagues write that half to ten times that average can still yield
convergence. **These runs are recorded**, {UPDATES} updates each with the seeds 0 to {SEEDS - 1}, because they take
minutes; the lines are those of seed 0. `python -m lessons.trained.train_clipped` makes them again.
"""

SOURCES = """
#### Sources

- The error surface (figure 6), the wall, clipping by norm (algorithm 1) and its threshold (section 3.2): R. Pascanu,
  T. Mikolov and Y. Bengio, [On the difficulty of training recurrent neural networks](https://arxiv.org/abs/1211.5063),
  ICML 2013.
- Clipping by value: T. Mikolov, *Statistical language models based on neural networks*, PhD thesis, Brno University of
  Technology (2012).
- Bifurcations while a network learns: K. Doya, *Bifurcations of recurrent neural networks in gradient descent learning*
  (1993).
- The temporal order task: S. Hochreiter and J. Schmidhuber, *Long short-term memory*, Neural Computation 9 (1997),
  1735-1780, experiment 6.
"""
