"""The app: `streamlit run app.py`. Sets up the page and the menu; what there is to see is in lessons/."""

import gc

import streamlit as st

from lessons import catalog

catalog.keep_module_paths()
st.set_page_config(page_title="rnnviz", page_icon="lessons/icon.svg", layout="wide")
parts = {"": [st.Page(catalog.path("welcome"), title=catalog.title("welcome"), default=True)]}
for lesson in catalog.lessons():
    here = st.Page(catalog.path(lesson.slug), title=lesson.title, url_path=lesson.slug)
    parts.setdefault(lesson.part, []).append(here)
page = st.navigation(parts, position="top")
page.run()


@st.cache_resource
def freeze_imports(url_path: str) -> None:  # noqa: ARG001
    """Once per page: keep what it imported out of the garbage collection that follows each rerun (about 70 ms)."""
    gc.collect()
    gc.freeze()


freeze_imports(page.url_path)
