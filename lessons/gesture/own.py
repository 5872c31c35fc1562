"""One's own watch on the page: a table of six signals, and what the network sees in it."""

import numpy as np
import streamlit as st

from lessons.common import own
from lessons.common.page import Page
from lessons.gesture import model, pictures, watching
from lessons.gesture.recordings import LENGTH, RATE, SIGNALS
from lessons.gesture.stored import KEPT, network
from rnnviz.data import Table, interpolate, is_missing

EXAMPLE = "ax,ay,az,gx,gy,gz\n-0.1,0.4,0.9,0.3,1.2,-0.2\n-0.2,0.5,0.8,0.4,1.0,-0.3\n..."
FASTEST, MOST = 200, 500  # numbers a second; the largest, in g or radians per second, that a wrist may do


def table(page: Page) -> None:
    """The place for a table; below it how it is read, or what it lacks."""
    words = page.words
    st.caption(words.label("own.help"))
    st.session_state["own rate"] = st.session_state.get("own rate", 50)  # kept while no table can be read
    given = own.table(page.slug, least=LENGTH, numbers=SIGNALS, example=EXAMPLE)
    if given is None:
        return
    rate = st.number_input(words.label("own.rate"), RATE, FASTEST, key="own rate")
    names = signals(given)
    found = given.values(*names)
    missing = int(is_missing(found).sum())
    values = model.own(interpolate(found) if missing else found, float(rate))
    largest = float(np.abs(values).max(initial=0.0))
    if len(values) < LENGTH:
        st.warning(words.label("own.short", {"seconds": len(values) / RATE, "least": LENGTH / RATE}))
        return
    if not largest <= MOST:
        st.warning(words.label("own.large", {"largest": largest, "most": MOST}))
        return
    seen = watching.watch(network(KEPT[0]), values, KEPT[0])
    st.caption(words.label("own.read", {"columns": list(names), "windows": len(seen.p), "missing": missing}))
    most = words.labels("exercises")[int(seen.p.mean(axis=0).argmax())]
    st.caption(words.label("own.seen", {"name": most, "p": float(seen.p.mean(axis=0).max())}))
    page.stage(pictures.over(seen, words, None, token=f"{given.names} {rate} {len(values)}"), key="own", height=520)


def signals(of: Table) -> tuple[str, ...]:
    """The first six columns of numbers; of more than six, what only grows, as a clock does, is passed over first."""
    grow = [name for name in of.numbers if not own.turns(of.columns[name])][: len(of.numbers) - SIGNALS]
    return tuple(name for name in of.numbers if name not in grow)[:SIGNALS]
