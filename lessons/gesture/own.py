"""One's own watch on the page: a table of six signals, and what the network sees in it."""

import numpy as np
import streamlit as st

from lessons.common import own
from lessons.common.page import Page
from lessons.gesture import model, pictures, watching
from lessons.gesture.recordings import LENGTH, RATE, SIGNALS
from lessons.gesture.stored import KEPT, network
from rnnviz.data import interpolate, is_missing

FASTEST, MOST = 200, 500  # numbers a second; the largest, in g or radians per second, that a wrist may do


def table(page: Page) -> None:
    """The place for a table; below it how it is read, or what it lacks."""
    words = page.words
    st.caption(words.label("own.help"))
    given = own.table(page.slug, least=LENGTH, numbers=SIGNALS)
    if given is None:
        return
    rate = st.number_input(words.label("own.rate"), RATE, FASTEST, 50, key="own rate")
    found = given.values(*given.numbers[:SIGNALS])
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
    names = words.labels("exercises")
    st.caption(
        words.label("own.read", {"columns": list(given.numbers[:SIGNALS]), "windows": len(seen.p), "missing": missing})
    )
    most = names[int(seen.p.mean(axis=0).argmax())]
    st.caption(words.label("own.seen", {"name": most, "p": float(seen.p.mean(axis=0).max())}))
    page.stage(pictures.over(seen, words, None, token=f"{given.names} {rate} {len(values)}"), key="own", height=520)
