"""What the page on language models says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps, Text
from lessons.language_model import stored, tale, writer
from lessons.language_model.book import alphabet, book, decode, strange
from lessons.language_model.experiment import BATCH, CLIP, STEPS, Settings
from lessons.language_model.units import WATCHED
from rnnviz.arrays import Array

STORED, LIVE, UNIT = "stored", "live", "unit"
PLAYED = 60  # letters that the player shows
PRESETS: dict[str, dict[str, Any]] = {
    "careful": {"prompt": "The whale ", "temperature": 0.3, "shade": "none"},
    "wild": {"prompt": "The whale ", "temperature": 1.5, "shade": "made"},
    "quotes": {"prompt": '"Have ye seen the White Whale?" ', "temperature": 0.5, "shade": UNIT, "watch": "quote"},
    "mattered": {"prompt": "Call me Ishmael. ", "temperature": 0.5, "shade": "back"},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is written by whom, how it is shaded; and how the network that learns here is trained."""
    first = Settings()
    watch = (Choice("watch", WATCHED, "word"),) if values.get("shade") == UNIT else ()
    return (
        Text("prompt", tale.PROMPT, 60),
        Range("temperature", 0.0, writer.HOTTEST, 0.05, tale.HEAT, digits=2),
        Seed(),
        Choice("shade", ("none", "made", "back", UNIT), "none", look="list"),
        *watch,
        Choice("network", (STORED, LIVE), STORED),
        Steps("units", (32, 64, 96, 128), first.units),
        Steps("rate", (0.003, 0.01, 0.02, 0.05), first.rate),
    )


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """What stands beside the prompt: which letters of it are not read."""
    prompt = str(values["prompt"])
    unknown = strange(prompt)
    if unknown:
        return {"prompt": ("strange", {"unknown": " ".join(unknown), "count": len(unknown)})}
    return {} if prompt else {"prompt": ("empty", {})}


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def shade(values: Mapping[str, Any]) -> str:
    """By what letters are shaded: "none", "made", "back", or what a unit watches."""
    return str(values["watch"] if values["shade"] == UNIT else values["shade"])


def settings(values: Mapping[str, Any]) -> Settings:
    """Of the network that learns here."""
    return Settings(units=int(values["units"]), rate=float(values["rate"]), seed=int(values["seed"]))


@dataclass(frozen=True)
class Facts:
    """What there is to say of what was written.

    made, count    words that the book does not have, and all words; share: of the first
    surprise       bits per letter that the network itself gives what it wrote
    period         after how many letters its end repeats itself; None: it does not
    bits, single, pairs, plain, mixed  on what is held out: of the stored network, of tables; among: 2 to their power
    """

    prompt: str
    temperature: float
    made: int
    count: int
    period: int | None
    surprise: float
    bits: float
    single: float
    pairs: float
    plain: float
    plain_order: int
    mixed: float
    held: tuple[int, ...]
    among: Mapping[str, float]


def facts(network: rv.Network, values: Mapping[str, Any]) -> Facts:
    """Of what this network writes."""
    prompt, tau = writer.typed(values["prompt"]), float(values["temperature"])
    found = writer.written(network, prompt, ((0, tau),), int(values["seed"]))
    text = decode(found.symbols)
    spans, count = writer.made_up(text, len(prompt))
    drawn = rv.losses.softmax_cross_entropy(found.logits[:, None], found.drawn[:, None])
    score = stored.scores()
    plain, mixed = (np.array(one[1]) for one in (score.plain, score.mixed))
    said = {"single": plain[0], "pairs": plain[1], "plain": plain.min(), "mixed": mixed.min(), "bits": score.bits}
    return Facts(
        prompt=prompt,
        temperature=tau,
        made=len(spans),
        count=count,
        period=writer.period(text),
        surprise=float(rv.losses.nats_to_bits(drawn.value)),
        plain_order=int(plain.argmin()),
        held=book().held,
        among={name: float(2**one) for name, one in said.items()},
        **{name: float(one) for name, one in said.items()},
    )


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads its own text, and at each letter is to say the next: both passes, dL/dy, and L in nats."""

    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float
    tokens: tuple[str, ...]


def look(network: rv.Network, values: Mapping[str, Any]) -> Look:
    """Of this network, in double precision, so that all can be verified."""
    exact = doubled(network)
    prompt = writer.typed(values["prompt"])
    found = writer.written(network, prompt, ((0, float(values["temperature"])),), int(values["seed"]))
    codes = found.symbols[: PLAYED + 1]
    x = writer.inputs(exact, codes[:-1])
    trace = rv.unroll(exact, x)
    loss = rv.losses.softmax_cross_entropy(trace.y, codes[1:, None])
    return Look(x, trace, rv.backpropagate(exact, trace, loss.dy), loss.dy, loss.value, visible(decode(codes[:-1])))


@lru_cache(maxsize=4)
def doubled(network: rv.Network) -> rv.Network:
    """The same network in double precision."""
    return rv.Network.from_state_dict({name: a.astype(np.float64) for name, a in network.state_dict().items()})


def visible(text: str) -> tuple[str, ...]:
    """Its letters, with signs for what cannot be seen."""
    return tuple({" ": "␣", "\n": "¶"}.get(letter, letter) for letter in text)


# Questions, the explanation, the program


def checks() -> dict[str, Any]:
    """The engine knows the answers."""
    logits = np.array([2.0, 1.0, 0.0])
    cold, warm = (float(rv.sampling.tempered(logits, tau)[0]) for tau in (0.5, 1.0))
    uniform = float(np.log2(len(alphabet())))
    return {
        "letters": len(alphabet()),
        "uniform": uniform,
        "cold": cold,
        "warm": warm,
        "answers": {"uniform": "six", "cold": "more" if cold > warm else "less", "leak": "lower"},
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    score = stored.scores()
    run = score.settings
    return {
        "letters": len(alphabet()),
        "chapters": len(book().chapters),
        "held": book().held,
        "units": run.units,
        "parameters": stored.network().parameter_count,
        "updates": run.updates,
        "batch": BATCH,
        "steps": STEPS,
        "clip": CLIP,
        "rate": run.rate,
        "dropout": run.dropout,
        "bits": score.bits,
        "learned": score.learned,
        "mixed": min(score.mixed[1]),
        "mixed_order": int(np.argmin(score.mixed[1])),
        "back": writer.BACK,
        "watch": [{"name": name, "number": one["unit"] + 1, "r": one["r"]} for name, one in score.watch.items()],
    }


def program(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    more = {"batch": BATCH, "steps": STEPS, "clip": CLIP, "letters": writer.LETTERS, "held": book().held}
    prompt = writer.typed(values["prompt"])
    return asdict(settings(values)) | more | {"prompt": prompt, "temperature": float(values["temperature"])}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in ("about", "deeper", "sources"):
        return about()
    if section == "checks":
        return checks()
    return facts(stored.network(), values) if section == "saw" else tale.facts(section)
