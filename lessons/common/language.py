"""The reader's language: what the address says as `?lang=de`, where a lesson's words stand in it; else English."""

from pathlib import Path

import streamlit as st

ENGLISH = "en"


def language(folder: Path) -> str:
    """The language in which the words of this folder are shown."""
    asked = st.query_params.get("lang", ENGLISH)
    known = {path.stem for path in folder.glob("*.md")}
    return asked if asked in known else ENGLISH
