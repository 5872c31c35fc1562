"""What the lesson `hidden_state` has to show, computed anew by the engine from nothing but its settings."""

from dataclasses import dataclass
from functools import partial

import numpy as np

import rnnviz as rv
from lessons import _inputs as inputs
from rnnviz.diagnostics import UnitStep, unit_step
from tests.pictures import assert_printed, chips, heat_maps, waterfall

DEFAULT_SENTENCE = "the cat sat on the mat and slept"
HALF_A_SHADE = 0.5 / 255 + 1e-12


def temperatures(first: int = 100, days: int = 24) -> np.ndarray:
    """(T, 1) normalised daily maxima from the `first` day of the record on."""
    data = inputs.weather()
    return ((data.celsius[first : first + days] - data.mean) / data.std)[:, None]


def spelled(sentence: str, *others: str) -> np.ndarray:
    """(T, I) one-hot symbols of a sentence, over its own alphabet and that of `others`."""
    return inputs.one_hot(list(sentence), sorted(set("".join((sentence, *others)))))


@dataclass(frozen=True)
class Expected:
    """The page's settings; the defaults are the page's defaults."""

    x: np.ndarray
    units: int = 8
    rho: float = 0.9
    seed: int = 0
    step: int = 8
    unit: int = 1

    @property
    def trace(self) -> rv.Trace:
        net = rv.Network.create(
            "elman",
            input_size=self.x.shape[1],
            hidden_size=self.units,
            recurrent_init=partial(rv.initializers.orthogonal, gain=self.rho),
            rng=np.random.default_rng(self.seed),
        )
        return rv.unroll(net, self.x[:, None, :])

    @property
    def h(self) -> np.ndarray:
        return self.trace[0, 0].h[:, 0]

    @property
    def terms(self) -> UnitStep:
        return unit_step(self.trace, self.step, self.unit)


def assert_shown(html: str, expected: Expected) -> None:
    """The heat map, the marked step, the equation and the waterfall are the engine's."""
    assert np.abs(heat_maps(html)[0] - expected.h.T).max() <= HALF_A_SHADE
    assert f'class="tick">{expected.step}<' in html
    terms = expected.terms
    past = float(terms.recurrent.sum())
    assert_printed(chips(html), [terms.h, terms.input, past, terms.bias, terms.sum, terms.h])
    assert_printed(waterfall(html), [terms.input, *terms.recurrent.tolist(), terms.bias, terms.sum])
