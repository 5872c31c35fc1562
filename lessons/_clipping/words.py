"""The words of the lesson on clipping. Every number in them is computed, on the page or when this file is read."""

from collections.abc import Mapping

import numpy as np

from lessons._clipping import experiment as clipping
from lessons._clipping.experiment import AS_GOOD, NEGLIGIBLE, NORM, PRESETS, UNCLIPPED, VALUE, Settings
from lessons._clipping.training import BATCH, FACTORS, GAIN, LEARNING_RATE, SEEDS, STEPS, UNITS, UPDATES, runs
from rnnviz import error_surface
from rnnviz.error_surface import H0, SLOPE, WALL_FROM, Descent
from rnnviz.figures.chart import pick
from rnnviz.figures.html import Picture, text
from rnnviz.figures.numbers import decimals, significant

WALL = (5.0, 5.5, 6.0)  # where the gradient on the wall is told


def say_what_you_saw(chosen: Settings, found: Mapping[str, Descent]) -> tuple[str, ...]:
    """The three descents, with the numbers on the screen; HTML."""
    return text(say_unclipped(chosen, found[UNCLIPPED])), *map(text, say_clipped(chosen, found))


def say_unclipped(chosen: Settings, descent: Descent) -> str:
    """What became of the descent without clipping, and a way back where it is lost."""
    norm, said = descent.norm_before[: clipping.last(descent)], ""
    if norm.size:
        top = int(norm.argmax())
        longest, step = significant(float(norm[top])), significant(chosen.rate * float(norm[top]))
        said = f"Without clipping the longest gradient, at update {top + 1}, was {longest}: one step of {step}. "
    lost = clipping.left_at(descent) is not None and clipping.final_error(descent) > AS_GOOD**2
    back = " You come back with a click on the map, or with a setting above it." if lost else ""
    return f"{said}{say_end(chosen, descent)}{back}"


def say_end(chosen: Settings, descent: Descent) -> str:
    """Where a descent ended; off the map also whether that is the valley, a plain, or a place on its way."""
    done, out, error = clipping.last(descent), clipping.left_at(descent), clipping.final_error(descent)
    if done < clipping.UPDATES:
        return (
            f"Its numbers ended at update {done + 1}: the gradient or the weights left the finite range, and no step "
            "is possible any more."
        )
    w, b, step = float(descent.w[done]), float(descent.b[done]), chosen.rate * float(descent.norm_after[done])
    place = f"w = {significant(w)}, b = {significant(b)} with E = {significant(error)}"
    if out is None:
        return f"It ended on the map, at {place}."
    said = f"Since update {out} it has been off the map, and it ended at {place}"
    if error <= AS_GOOD**2:
        return f"{said}: that is in the valley, which goes on beyond the map."
    if step == 0:
        return f"{said}. The gradient there is 0: from such a plain there is no way back."
    if step < NEGLIGIBLE:
        return f"{said}. Its next step is {significant(step)} long: from such a plain there is no quick way back."
    return f"{said}. It is still on its way: its next step is {significant(step)} long."


def say_clipped(chosen: Settings, found: Mapping[str, Descent]) -> tuple[str, ...]:
    """What clipping by value and by norm did."""
    by_value, by_norm = (clipping.work(name, found[name], chosen) for name in (VALUE, NORM))
    if not by_value.clipped and not by_norm.clipped:
        longest = significant(clipping.work(UNCLIPPED, found[UNCLIPPED], chosen).largest)
        return (f"No gradient was longer than the threshold ({longest} at most), so clipping changed nothing at all.",)
    unclipped = "so this descent is the unclipped one"
    value = f"Clipping by value never took hold: no entry was larger than the threshold, {unclipped}."
    norm = f"Clipping by norm never took hold: no gradient was longer than the threshold, {unclipped}."
    if by_value.clipped:
        value = f"{_cut(VALUE, by_value)} {_turned(by_value)} {_ended(VALUE, chosen, found)}"
    if by_norm.clipped:
        norm = f"{_cut(NORM, by_norm)} No gradient was turned. {_ended(NORM, chosen, found)}"
    return value, norm


def _cut(name: str, done: clipping.Work) -> str:
    return (
        f"Clipping {name} took hold at {done.clipped} of {clipping.UPDATES} updates and changed "
        f"{100 * done.touched:.3g}% of all entries; of the longest gradient, {significant(done.largest)}, it left "
        f"{significant(done.after)}."
    )


def _turned(done: clipping.Work) -> str:
    """What cutting entry by entry did to the direction. Where w > 0, |dE/dw| < |dE/db|: it is b's that is cut alone."""
    alone = done.clipped - done.both
    cut = f"Both entries were cut at {done.both} of them, that of b alone at {alone}"
    if not done.both or not alone:
        cut = "Both entries were cut each time" if done.both else "Only the entry of b was cut"
    most = f"by up to {done.turned:.1f}°" if done.turned >= 0.05 else "by less than 0.1°"
    return (
        f"{cut}; that turned the gradient {most}. The cut steps together went {significant(abs(done.along))} along the "
        f"wall, towards {'larger' if done.along > 0 else 'smaller'} w."
    )


def _ended(name: str, chosen: Settings, found: Mapping[str, Descent]) -> str:
    """Where a clipped descent ended, and whether that is better than without clipping."""
    misses = clipping.misses(found)
    end, change = say_end(chosen, found[name]), misses[name] - misses[UNCLIPPED]
    if not abs(change) > AS_GOOD:
        return end
    unclipped = f"than without clipping (E = {significant(clipping.final_error(found[UNCLIPPED]))})"
    how, verdict = ("worse", "did harm") if change > 0 else ("better", "helped")
    return f"{end} That is {how} {unclipped}: here it {verdict}."


def tries() -> Picture:
    """The settings worth trying, each a pick."""
    buttons = " · ".join(pick(name, name) for name in (*PRESETS, "back"))
    return Picture(f'<div class="rnn tries">Try: {buttons}</div>')


def _high_factors() -> str:
    """What came of thresholds far above the average, in the recorded runs."""
    seen, high = runs(), [k for k, factor in enumerate(FACTORS) if 5 <= factor < np.inf]
    names, learned, taken = (
        " and ".join(str(value) for value in values)
        for values in (
            [f"{FACTORS[k]:g}" for k in high],
            [int(seen.learned()[k]) for k in high],
            [int((seen.norm[k] > seen.threshold[k]).sum()) for k in high],
        )
    )
    return (
        f"Here {names} times help as little as no clipping ({learned} of {SEEDS} networks learned): so high a "
        f"threshold hardly ever takes hold, with seed 0 at {taken} of the {UPDATES} updates."
    )


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
turned by {_STEEP - 45:.1f}°, and by more below the wall, where the gradient is steeper. So a step up the wall goes
along it towards larger w, where the wall is steeper, and a step down towards smaller w. Where only the entry of b is
larger than c, it alone is cut: the step is turned in the same sense but not as far as 45°, and one that goes up may
still end at smaller w. What the descent gains between two kicks, it may lose with the next. And what is left may be
longer than c: here up to √2 times as long, with n parameters √n times.

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
convergence. {_high_factors()}

**These runs are recorded**, {UPDATES} updates each with the seeds 0 to {SEEDS - 1}, because they take minutes; the
lines are those of seed 0. `python -m lessons.trained.train_clipped` makes them again.
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
