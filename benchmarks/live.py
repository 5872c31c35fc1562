"""What a reader gets who trains on the page: the score after a minute of one core, beside that of the stored network.

    python -m benchmarks.live [seconds]

Each page is opened in Explore, as it first stands (Streamlit's AppTest). Its networks are trained in step and recorded
as the page does it, until they are done or have taken the process so many seconds, 60 unless said otherwise. The score
is the one that the page draws, on data that is held out; the stored network's comes from the same function. "of it" is
score / stored, or stored / score where less is better: 0.90 and above is within 10 %.
"""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons.beyond_recurrence.model import trained
from lessons.common import live
from lessons.common.lanes import Course, Lane, Record, course
from lessons.forecasting import stored as forecasting
from lessons.gesture import stored as gesture
from lessons.language_model import stored as language_model
from lessons.sentiment import stored as sentiment
from lessons.sequence_labelling import stored as sequence_labelling
from lessons.speech import stored as speech
from lessons.translation import stored as translation
from lessons.translation.experiment import LOOKS

PAGE = "import runpy; runpy.run_path('lessons/{}/page.py')"


class Score(NamedTuple):
    """Of the first lane: what its records call the score, whether less of it is better, and the stored network."""

    name: str
    less: bool
    network: Callable[[], Any]


SCORES = {
    "language_model": Score("bits", True, language_model.network),
    "translation": Score("exact", False, lambda: translation.network(LOOKS)),
    "sentiment": Score("valid_right", False, sentiment.network),
    "sequence_labelling": Score("macro", False, lambda: sequence_labelling.network("both")),
    "forecasting": Score("error", True, lambda: forecasting.networks("weather", "direct")[0]),
    "speech": Score("right", False, lambda: speech.network(speech.KEPT[0])),
    "gesture": Score("right", False, lambda: gesture.network(gesture.KEPT[0])),
    "beyond_recurrence": Score("right", False, lambda: trained("recurrent")),
}


def opened(slug: str) -> tuple[list[Lane], Record, int, int]:
    """The lanes that a page trains in Explore, their record, the most updates, and how many between two records."""
    with mock.patch.object(live, "show", wraps=live.show) as show:
        at = AppTest.from_string(PAGE.format(slug), default_timeout=600)
        at.query_params["mode"] = "explore"
        at.run()
    _, _, lanes, record, _ = show.call_args.args
    return lanes, record, show.call_args.kwargs["limit"], show.call_args.kwargs.get("every", 1)


def train(lanes: list[Lane], record: Record, limit: int, every: int, seconds: float) -> tuple[Course, float]:
    """The first lane's course, trained in step with the others, and how many seconds all of them took."""
    courses = [course(lane, record, every, None) for lane in lanes]
    before = time.process_time()
    while (taken := time.process_time() - before) < seconds:
        going = [one for one in courses if not one.ended and one.reached < limit]
        if not going:
            break
        for one in going:
            one.step()
    return courses[0], taken


def main(seconds: float = 60.0) -> None:
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    print(f"{'lesson':20s} {'score':12s} {'seconds':>7s} {'updates':>7s} {'here':>7s} {'stored':>7s} {'of it':>6s}")
    for slug, (name, less, network) in SCORES.items():
        lanes, record, limit, every = opened(slug)
        found, taken = train(lanes, record, limit, every, seconds)
        here = float(np.ravel(found.records[-1][name])[0])
        stored = float(np.ravel(record(rv.training.start(network()))[name])[0])
        share = stored / here if less else here / stored
        print(
            f"{slug:20s} {name:12s} {taken:7.1f} {found.reached:7d} {here:7.3f} {stored:7.3f} {share:6.2f}", flush=True
        )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
