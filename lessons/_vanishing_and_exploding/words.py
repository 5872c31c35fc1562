"""What the lesson on vanishing and exploding gradients says about what is on the screen, with its numbers."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lessons._vanishing_and_exploding.experiment import GAUSSIAN, ORTHOGONAL, SCALES, TRIANGULAR, Settings, Study
from rnnviz.arrays import Array
from rnnviz.diagnostics import JacobianProducts
from rnnviz.figures import Picture
from rnnviz.figures.chart import pick
from rnnviz.figures.html import story, text
from rnnviz.figures.numbers import MINUS, of_log10, significant
from rnnviz.figures.scale_map import cell

GROWN, SHRUNK = 1.0, -1.0  # decades: what we call grown, and shrunk


@dataclass(frozen=True)
class Preset:
    """Settings worth seeing: what the button says, and where to look."""

    label: str
    settings: Settings
    lag: int


PRESETS = {
    "saturated": Preset("ρ = 1.5, and it vanishes", Settings(loud=2.0), 30),
    "sheared": Preset("ρ = 0.6, and it grows", Settings(TRIANGULAR, 0.6, "linear"), 9),
    "rotation": Preset("neither", Settings(ORTHOGONAL, 1.0, "linear"), 49),
    "quarter": Preset("sigmoid: cannot explode", Settings(ORTHOGONAL, 3.0, "sigmoid"), 30),
    "overflow": Preset("relu: no number any more", Settings(TRIANGULAR, 3.0, "relu", 100, numbers="float32"), 60),
    "carried": Preset("the LSTM carries it", Settings(ORTHOGONAL, 0.5, "LSTM", loud=1.0, keep=5.0), 49),
}
WAY_BACK = pick("Back to a network that does not", "preset:rotation")


def tries(seen: Study) -> Picture:
    """The presets in one line; where numbers have left the range, that is said there too."""
    buttons = " · ".join(pick(preset.label, f"preset:{name}") for name, preset in PRESETS.items())
    exploded = f" · <b>Exploded.</b> {WAY_BACK}" if seen.left_the_numbers else ""
    return Picture(f'<div class="rnn tries">Try: {buttons}{exploded}</div>')


def meant(picked: str, T: int) -> dict[str, Any]:
    """What the widgets are set to, by their keys, where something was picked.

    That is "preset:name", "map:cell", or "from n:place" in a chart whose first step is n. At step T the lag is 0.
    """
    kind, _, value = picked.partition(":")
    if kind == "preset":
        return asdict(PRESETS[value].settings) | {"lag": PRESETS[value].lag}
    if kind.startswith("from "):
        return {"lag": T - int(kind[5:]) - int(value)}
    rho, step = cell(int(value), SCALES, T)
    return {"rho": rho, "lag": T - step}


def say_what_you_saw(seen: Study, lag: int, judged: str) -> Picture:
    """The paragraphs under the pictures."""
    why = say_gates(seen, lag) if seen.settings.kind != "elman" else say_factors(seen, lag)
    plain = (judged, say_sizes(seen, lag), *why, say_map(seen))
    return story("What you saw", say_explosion(seen), *map(text, plain))


def say_explosion(seen: Study) -> str:
    """A plain word where numbers have left the range, and the way back; HTML."""
    said, numbers = [], seen.settings.numbers
    most = significant(float(np.finfo(numbers).max))
    for name, passed in zip(("RNN", "LSTM", "GRU"), seen.passes.values()):
        if passed.exploded is not None:
            said.append(
                f"The {name}’s states left the range of {numbers} at step {passed.exploded}: no number beyond {most} "
                "fits. So L is no number, and nothing that is computed from it is one."
            )
            continue
        gone = np.flatnonzero(passed.lost)
        if gone.size:
            step = int(gone[-1]) + 1
            said.append(
                f"The {name}’s gradient left the range of {numbers} at step {step}, {len(passed.norms) - step} steps "
                f"before the end: no number beyond {most} fits. What lies before that is computed from it, and is no "
                "number either."
            )
    return f"<b>Exploded.</b> {' '.join(said)} {WAY_BACK}." if said else ""


def say_sizes(seen: Study, lag: int) -> str:
    """The gradient at this lag, in all three networks."""
    T = seen.settings.steps
    rnn, lstm, gru = (of_log10(float(passed.norms[T - lag - 1])) for passed in seen.passes.values())
    cell_state = of_log10(float(seen.passes["lstm"].cell_norms[T - lag - 1]))
    exploded = any(passed.exploded for passed in seen.passes.values())
    start = "its gradient has length 1 wherever that state is a number" if exploded else "its gradient has length 1"
    return (
        f"L looks at the last state alone, and there {start}. {steps(lag)} earlier, at step {T - lag}, "
        f"what is left of it has length {rnn} in the RNN, {lstm} in the LSTM and {gru} in the GRU; at the LSTM’s cell "
        f"state, as ∂L/∂c, it is {cell_state}. The three have read the same input, and their recurrent weights are of "
        f"one kind: {seen.settings.matrix}, ρ = {seen.settings.rho:g}."
    )


def say_factors(seen: Study, lag: int) -> tuple[str, ...]:
    """Why an Elman network's gradient has the size it has: the slopes, the matrix, and the bound."""
    chosen, T = seen.settings, seen.settings.steps
    radius, stretch, gamma, bound = of_elman(seen.products)
    slope, norm = float(seen.slopes[T - lag :].mean()), float(seen.all_steps(T - lag)[0])
    unit = "linear unit" if chosen.cell == "linear" else chosen.cell
    factors = (
        f"Each step back multiplies the gradient by two things: by W_hh, and by the slopes φ′ of the {unit}"
        f"{'' if np.isnan(slope) else f', on average {significant(slope)} over {these(lag)}'}. W_hh has two "
        f"sizes. Its spectral radius, the largest eigenvalue in absolute value, is ρ = {significant(radius)}: its "
        f"powers go like ρᵏ in the long run, {of_log10(lag * np.log10(radius))} here. Its largest singular value, the "
        f"most that it stretches anything in one step, is σ = {significant(stretch)}."
    )
    if not chosen.loud and chosen.cell == "tanh":
        power = ", which for an orthogonal matrix is ρᵏ exactly" if chosen.matrix == ORTHOGONAL else ""
        factors += (
            " Without input all states are 0, where tanh has its steepest slope, 1. So what is left of the gradient is "
            f"what the powers of W_hh leave{power}."
        )
    held = (
        f"With γ = {gamma:g}, the largest slope of the {unit}, {these(lag)} cannot stretch "
        f"anything by more than (γσ)ᵏ = {of_log10(float(bound[T - lag]))}."
    )
    measured = "" if np.isnan(norm) else f" Measured, it stretches by at most {of_log10(norm)}."
    return factors, say_surprise(seen, lag), f"{held}{measured} {say_bound(gamma * stretch)} {say_horizon(seen)}"


def say_bound(factor: float) -> str:
    """What the bound promises; `factor` is gamma sigma."""
    if factor < 1 - 1e-9:
        return f"γσ = {significant(factor)} is below 1, so this network’s gradient is sure to vanish."
    if factor < 1 + 1e-9:
        return "γσ is 1, so this network’s gradient cannot explode."
    return (
        f"γσ = {significant(factor)} is above 1, so the bound promises nothing: the gradient may explode, and need not."
    )


def of_elman(products: JacobianProducts) -> tuple[float, float, float, Array]:
    """rho and sigma of W_hh, gamma, and log10 of the bound (T + 1,): an Elman network has them."""
    radius, stretch, gamma = products.spectral_radius, products.largest_singular_value, products.gamma
    assert radius is not None
    assert stretch is not None
    assert gamma is not None
    assert products.log10_bound is not None
    return radius, stretch, gamma, products.log10_bound


def say_surprise(seen: Study, lag: int) -> str:
    """What of this goes against the rule of thumb “ρ > 1 explodes, ρ < 1 vanishes”; empty where nothing does."""
    chosen, size = seen.settings, float(seen.shown.norms[seen.settings.steps - lag - 1])
    stretched = float(seen.products.log10_norm[chosen.steps - lag, 0])
    if np.isneginf(size):
        return say_zero(seen, stretched)
    if not np.isfinite(size):
        return ""
    if chosen.rho > 1 and size < SHRUNK:
        cause = {
            "tanh": "The states are large, and where a tanh is saturated its slope is near 0. Turn the input down, and "
            "see what becomes of it."
            if chosen.loud
            else "",
            "relu": "Units that are switched off have slope 0 and let nothing pass.",
            "sigmoid": "A sigmoid’s slope is never above 1/4.",
        }.get(chosen.cell, "")
        return f"So ρ is above 1, and yet the gradient vanishes. {cause}"
    if chosen.rho < 1 and stretched > 0.1:
        cause = {
            GAUSSIAN: "its eigenvectors lean on each other, and a sum of them can grow while each of them shrinks",
            TRIANGULAR: "it is ρ(I + U), where U passes on in one direction only, from unit to unit. In its k-th power "
            "ρᵏ stands beside powers of k, and these are faster at first",
        }[chosen.matrix]
        return (
            f"So every eigenvalue is below 1 in size, and yet {these(lag)} can stretch a change by up to "
            f"{of_log10(stretched)}. W_hh is not normal: {cause}. In the long run ρᵏ wins."
        )
    if abs(size) < 1e-6 and chosen.matrix == ORTHOGONAL and chosen.rho == 1:
        return "All singular values of each step are 1, so that every length is kept, however many steps there are."
    return ""


def say_zero(seen: Study, stretched: float) -> str:
    """Why exactly 0 is left; `stretched` is log10 of the most that the steps stretch, which never underflows."""
    chosen = seen.settings
    if not np.isneginf(stretched):
        least = significant(float(np.finfo(chosen.numbers).smallest_subnormal))
        why = f"{chosen.numbers} has no number between 0 and {least}, and the gradient has become less than that."
    elif chosen.cell == "relu":
        why = "on every way back there is a unit that is switched off, whose slope is 0."
    else:
        why = f"on every way back there is a unit so saturated that its slope rounds to 0 in {chosen.numbers}."
    none = (
        " At earlier steps 0 would be divided by 0, so the chart of single steps begins where the gradient becomes 0."
    )
    return f"Exactly 0 is left: {why}{none if np.isneginf(seen.shown.norms).sum() > 1 else ''}"


def say_map(seen: Study) -> str:
    """Where a row of the map may not be what a click on it shows; empty where it always is."""
    if seen.settings.numbers == "float64":
        return ""
    return (
        "The map computes all its networks in one go, which rounds float32 numbers in another order than one network "
        "by itself. Nearly everywhere that shows in no digit. It does next to 0, and where states are chaotic, as "
        "those of a tanh can be where ρ is above 1: there two computations that were rounded differently part, and "
        "a click may show another number than the map."
    )


def say_horizon(seen: Study) -> str:
    """How far back the last state reaches, measured and by rule of thumb."""
    found = seen.horizon
    lags = {"a half": float(found.half[0]), "1\N{NO-BREAK SPACE}%": float(found.hundredth[0])}
    if np.isnan(list(lags.values())).any():
        return ""
    measured = [f"to {what} after {steps(int(at))}" for what, at in lags.items() if np.isfinite(at)]
    rule = {"elman": "γρ", "lstm": "the forget bias", "gru": "the bias of z"}[seen.settings.kind]
    promised = found.predicted_hundredth
    promise = (
        f"it would take {steps(int(promised))} to 1\N{NO-BREAK SPACE}%" if np.isfinite(promised) else "it never would"
    )
    product = {
        "elman": "that product",
        "lstm": "the product of all steps, from h and c together to h and c together,",
        "gru": "that whole",
    }[seen.settings.kind]
    if not measured:
        within = f"Within these {seen.settings.steps} steps"
        return f"{within} {product} does not fall to a half for good; by {rule} alone {promise}."
    return f"Going back, {product} falls for good {' and '.join(measured)}; by {rule} alone {promise}."


def say_gates(seen: Study, lag: int) -> tuple[str, ...]:
    """What travels along the conveyor, and what through the gates."""
    chosen, T = seen.settings, seen.settings.steps
    sizes = {name: float(size[T - lag - 1]) for name, size in seen.ways.items()}
    at = {name: of_log10(size) for name, size in sizes.items()}
    most = max((name for name in sizes if name != "all"), key=lambda name: sizes[name])
    gates = [f"{at[gate]} through {gate}" for gate in at if gate not in ("all", "conveyor")]
    keeps, state = ("f", "c") if chosen.kind == "lstm" else ("z", "h")
    promised = lag * float(np.log10(1 / (1 + np.exp(-chosen.keep))))
    many = (
        f" Such a way rides the conveyor too, before it leaves and after it is back; it can leave at any of "
        f"{steps(lag)}, and where the conveyor keeps nearly all, these ways add up."
        if sizes["conveyor"] > SHRUNK and sizes[most] > sizes["conveyor"] + 0.3
        else ""
    )
    ways = (
        f"How does it get from {state} at step {T - lag} to {state} at step {T}? Along the conveyor, where only "
        f"{keeps} multiplies, step by step: there at most {at['conveyor']} of it arrives. A gate that listened to its "
        f"bias {plain(chosen.keep)} alone would let σ({plain(chosen.keep)})ᵏ = {of_log10(promised)} arrive. And by the "
        f"ways that leave the conveyor, sorted by the gate that they enter first: {', '.join(gates)}. As matrices they "
        f"add up exactly to the whole, which stretches by at most {at['all']}. Most comes "
        f"{'along the conveyor' if most == 'conveyor' else f'through {most}'}.{many} {say_horizon(seen)}"
    )
    return (ways,)


def steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"


def these(count: int) -> str:
    return "this step" if count == 1 else f"these {count} steps"


def plain(setting: float) -> str:
    """A setting as its slider shows it, with a true minus sign."""
    return f"{setting:g}".replace("-", MINUS)
