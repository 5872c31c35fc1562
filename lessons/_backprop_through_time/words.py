"""What the lesson about back-propagation through time says about what is on the screen, with its numbers."""

from collections.abc import Mapping

from lessons._backprop_through_time import recall
from lessons._backprop_through_time.experiment import W_HH, W_IH, Experiment
from lessons._backprop_through_time.recall import Training
from rnnviz.figures import Picture, story
from rnnviz.figures.chart import pick
from rnnviz.figures.html import text
from rnnviz.figures.numbers import significant

RANDOM, TRAINED = "random weights", "trained"
OFTEN, NEARLY_ALWAYS = 0.55, 0.95  # shares of right answers from which on they are called so
NEVER = recall.LONGEST  # a window as long as the longest sequence cuts nothing
PRESETS: Mapping[str, Mapping[str, str | int | float]] = {
    "one": {"network": RANDOM, "units": 1, "rho": 0.9, "back": 6, "k": NEVER, "seed": 0},
    "cut": {"network": RANDOM, "units": 1, "rho": 0.9, "back": 6, "k": 4, "seed": 0},
    "strong": {"network": RANDOM, "units": 1, "rho": 1.8, "back": 6, "k": NEVER, "seed": 0},
    "grows": {"network": RANDOM, "units": 4, "rho": 2.0, "back": 6, "k": NEVER, "seed": 0},
    "short": {"network": TRAINED, "start": recall.STARTS[0], "at": 1, "k": recall.BACK, "number": 1},
    "long": {"network": TRAINED, "start": recall.STARTS[0], "at": 1, "k": recall.BACK + 1, "number": 1},
    "luck": {"network": TRAINED, "start": recall.STARTS[1], "at": 1, "k": 2, "number": 2},
    "edge": {"network": TRAINED, "start": recall.STARTS[0], "at": 3, "k": 8, "number": 1},
}


def settings(picked: str) -> Mapping[str, str | int | float]:
    """The controls as a click asks for them: "show" and a preset's name, or "k" and a place on that axis, from 0."""
    kind, _, which = picked.partition(" ")
    return {"k": int(which) + 1} if kind == "k" else PRESETS[which]


def say(experiment: Experiment, verdict: str) -> Picture:
    """What there was to see, in numbers, and where to look next."""
    told = [verdict, *(say_learned(experiment, experiment.learned) if experiment.learned else ())]
    told += [say_way(experiment), say_cut(experiment), say_weights(experiment)]
    return story("What you saw", *map(text, told))


def say_way(experiment: Experiment) -> str:
    """How the gradient fares on its way back, were it never cut."""
    sizes = experiment.sizes
    there, here = significant(float(sizes[-1])), significant(float(sizes[experiment.at - 1]))
    if experiment.network.hidden_size == 1:
        w = significant(float(experiment.network.layers[0][0].weight_hh[0, 0]))
        rule = (
            f"Every step back multiplies it by U(1 − h²): the loop’s one weight, U\u00a0=\u00a0{w} (W_hh in "
            "PyTorch), times the slope of tanh where the unit stood. That product is the whole of back-propagation "
            "through time."
        )
    else:
        low, high = (significant(float(v)) for v in (experiment.singular.min(), experiment.singular.max()))
        rule = (
            "Every step back multiplies it by that step’s Jacobian, W_hh with each row times its unit’s slope 1 − h². "
            "By how much its size changes, g, depends on where the gradient points; it lies between the Jacobian’s "
            f"smallest and largest singular value, here nowhere below {low} and nowhere above {high}."
        )
    share = f": {significant(experiment.share)} times what set out" if sizes[-1] else ""
    return (
        f"At step {experiment.T} the question is asked. L, the loss of the answer, is "
        f"{significant(experiment.loss.value)} nats, and ∂L/∂h has the size {there}. {rule} At the clue, "
        f"{steps(experiment.back)} back, {here} is left if nothing is cut{share}."
    )


def say_cut(experiment: Experiment) -> str:
    """What the cuts do to it, and where they fall."""
    k, spans = experiment.k, recall.windows(experiment.k, experiment.T)
    if len(spans) == 1:
        return "Nothing is cut: one window holds the whole sequence. Shorten it, and see how far the gradient gets."
    said = ", ".join(f"{first} to {last}" if first < last else f"{first}" for first, last in spans)
    first, last = spans[-1]
    gets = f"gets back to step {first}" if first < last else "stays there"
    where = (
        f"Windows of {steps(k)}, counted from step 1: {said}. The forward pass goes through them all; the backward "
        f"pass ends where its window begins. What L says at step {experiment.T} {gets}"
    )
    if experiment.arrives:
        return f"{where}, and so it arrives at the clue, step {experiment.at}, as if nothing were cut."
    although = f", although {k} is more than {experiment.back}" if k > experiment.back else ""
    return f"{where}. At the clue, step {experiment.at}, the gradient is exactly 0{although}."


def say_weights(experiment: Experiment) -> str:
    """What the weights receive, and what the cuts take from it."""
    column = [significant(experiment.clue_column(grads)) for grads in (experiment.full, experiment.cut)]
    shared = (
        "All steps share their weights. Each adds its own part to the weights’ gradient, and the parts are summed on "
        "the way back; where they point apart, the sum shrinks."
    )
    clue = "The weights by which the clue comes in, its column of W_ih, hear of L at the clue’s step alone"
    if not experiment.cuts:
        return f"{shared} {clue}: their gradient has the size {column[0]}."
    kept = f"Cut so, the gradient of W_hh keeps {_kept(experiment, W_HH)}, that of W_ih {_kept(experiment, W_IH)}."
    left = f"the same {column[0]} as without cuts" if experiment.arrives else f"{column[1]} instead of {column[0]}"
    return f"{shared} {kept} {clue}: the size of their gradient is {left}."


def say_learned(experiment: Experiment, learned: Training) -> tuple[str, str]:
    """What this network learned, and what it could not."""
    moved, within = significant(learned.moved), recall.positions_within(learned.k)
    here, other = map(significant, experiment.answers())
    answers = (
        f"Of {recall.library().answers:,} questions this network answered {100 * learned.right:.1f} % right. To the "
        f"one on the screen, whose clue is a, it says a with probability {here}; with b in its place, {other}."
    )
    windows, places = f"With windows of {steps(learned.k)}", recall.POSITIONS
    if within:
        return answers, (
            f"In training the clue stood at any of the first {places} steps. {windows} it shares one with the question "
            f"at {within} of these {places} places, and there the gradient arrives. The clue’s weights moved by up to "
            f"{moved}: the network was taught to write the clue down."
        )
    never = (
        f"{windows} clue and question, {recall.BACK} steps apart, never share one: in all {recall.library().updates} "
        f"updates the gradient of the clue’s weights was exactly 0, and they moved by {moved}."
    )
    if learned.start == recall.STARTS[0]:
        return answers, (
            f"{never} They started at 0 for a and for b, so to this network both clues are the same, and it can only "
            "guess. However long such a training lasts, that stays so."
        )
    return answers, (
        f"{never} But they started at random, so a and b can leave different traces in the state, for the loop "
        f"to carry on. No gradient taught this network to write the clue down. {_read(learned.right)} How well that "
        f"goes is a matter of luck: compare the {recall.NETWORKS} trainings."
    )


def _read(right: float) -> str:
    """What the rest of a network made of the traces that chance left in its state."""
    if right < OFTEN:
        return "Nor did the rest of it learn to read what chance had written: it answers as if it guessed."
    if right <= NEARLY_ALWAYS:
        return "Chance had done that, and the rest of the network learned to read it in part."
    return "Chance had done that, and the rest of the network learned to read it."


def every(k: int) -> str:
    """How often the gradient is cut, in words."""
    return "after every step" if k == 1 else f"every {k} steps"


def tries() -> Picture:
    """Where to look: sentences that set the page to what they speak of."""
    one, cut = pick("one unit, nothing cut", "show one"), pick("the same, cut every 4 steps", "show cut")
    strong = pick("a loop twice as strong, and less arrives", "show strong")
    grows = pick("four units, and the gradient grows on its way", "show grows")
    short, long = pick(f"windows of {recall.BACK}", "show short"), pick(f"windows of {recall.BACK + 1}", "show long")
    luck = pick("windows of 2, and yet nearly always right", "show luck")
    edge = pick("a window of 8, and its edge in between", "show edge")
    return Picture(
        f'<div class="rnn tries">Compare: {one} · {cut}. Surprises: {strong} · {grows}.<br>'
        f"Trained, the clue {recall.BACK} steps back: {short} · {long}. Surprises: {luck} · {edge}.</div>"
    )


def steps(count: int) -> str:
    """So many steps, in words."""
    return "1 step" if count == 1 else f"{count} steps"


def _kept(experiment: Experiment, name: str) -> str:
    share, angle = experiment.kept(name)
    if not share > 0:
        return "nothing"
    return f"{significant(share)} of its size and turns by {significant(angle)}°"
