"""One's own watch on the page: a table of six signals, and what the network sees in it."""

import streamlit as st

from lessons.common import own
from lessons.common.page import Page
from lessons.gesture import model, pictures, watching
from lessons.gesture.recordings import LENGTH, RATE, SIGNALS
from lessons.gesture.stored import KEPT, network

FASTEST = 200  # numbers a second


def table(page: Page) -> None:
    """The place for a table; below it how it is read, or what it lacks."""
    words = page.words
    st.caption(words.label("own.help"))
    given = own.table(page.slug, least=LENGTH, numbers=SIGNALS)
    if given is None:
        return
    rate = st.number_input(words.label("own.rate"), RATE, FASTEST, 50, key="own rate")
    values = model.own(given.values(*given.numbers[:SIGNALS]), float(rate))
    if len(values) < LENGTH:
        st.warning(words.label("own.short", {"seconds": len(values) / RATE, "least": LENGTH / RATE}))
        return
    seen = watching.watch(network(KEPT[0]), values, KEPT[0])
    names = words.labels("exercises")
    st.caption(words.label("own.read", {"columns": list(given.numbers[:SIGNALS]), "windows": len(seen.p)}))
    most = names[int(seen.p.mean(axis=0).argmax())]
    st.caption(words.label("own.seen", {"name": most, "p": float(seen.p.mean(axis=0).max())}))
    page.stage(pictures.over(seen, words, None, token=f"{given.names} {rate} {len(values)}"), key="own", height=520)
