"""One's own voice on the page: recorded or from a file, and what the network hears in it."""

import streamlit as st
from markupsafe import Markup

from lessons.common.page import Page
from lessons.speech import model, pictures, recording
from lessons.speech.clips import DIGITS

MEGABYTES = recording.MOST_BYTES // 1_000_000
TOLD = '<p role="{role}" data-own="{state}">{said}</p>'


def voice(page: Page) -> None:
    """The place for a recording, and below it what is wrong with it, or how it is heard."""
    words = page.words
    with st.expander(words.label("own.title"), key="own voice"):
        if not recording.available():
            st.caption(words.label("own.no_scipy"))
            return
        st.caption(words.label("own.help"))
        spoken, file = st.columns(2)
        with spoken:
            recorded = st.audio_input(words.label("own.record"), key="own recording")
        with file:
            sent = st.file_uploader(words.label("own.file"), key="own file", max_upload_size=MEGABYTES)
        given = sent or recorded
        if given is None:
            return
        found, name, facts = model.hear(given.getvalue())
        said = words.label(f"own.said.{name}", facts | {"digits": DIGITS})
        page.show(_told(said, found is not None), key="own told")
        if found is not None:
            stage = pictures.stage(
                found, words, matters=True, token=f"own {hash(given.getvalue())}", play_to=len(found.p)
            )
            page.stage(stage, key="own", height=560)


def _told(said: str, good: bool) -> Markup:
    return Markup(TOLD).format(role="status" if good else "alert", state="read" if good else "wrong", said=said)
