"""The pictures of a page, all of them in one element: what the reader points at is said, what is clicked is picked.

Each element costs a browser several milliseconds at every move of a slider, so a page has one for all its pictures.
Only those that changed are put anew.
"""

import re
from collections.abc import Callable
from pathlib import Path

import streamlit as st

import rnnviz
from rnnviz.figures import Picture

_HOME = Path(rnnviz.__file__).parent
_SOURCES = [(_HOME / name).read_text(encoding="utf-8") for name in ("player/js/numbers.js", "figures/pointing.js")]
_POINTING = re.sub(r"^(import .*\n|export )", "", "".join(_SOURCES), flags=re.MULTILINE)
_SHOW = """
const kept = new WeakMap();
export default ({ data, parentElement, setTriggerValue }) => {
  let pictures = kept.get(parentElement);
  if (!pictures) {
    const root = document.createElement("div");
    parentElement.append(root);
    pictures = { root, shown: [], settle: listen(root, value => pictures.pick(value)) };
    kept.set(parentElement, pictures);
  }
  pictures.pick = value => setTriggerValue("picked", value);
  const places = () => [...pictures.root.querySelectorAll("[tabindex], button, a")];
  const focused = places().indexOf(document.activeElement);
  data.pictures.forEach((picture, i) => {
    if (pictures.shown[i] === picture) return;
    const place = pictures.root.children[i] ?? pictures.root.appendChild(document.createElement("div"));
    place.innerHTML = picture;
  });
  while (pictures.root.children.length > data.pictures.length) pictures.root.lastChild.remove();
  pictures.shown = data.pictures;
  pictures.settle();
  const lost = focused >= 0 && !pictures.root.contains(document.activeElement);
  if (lost) places()[focused]?.focus({ preventScroll: true });
};
"""
_mount = st.components.v2.component("rnn_pictures", html="", js=_POINTING + _SHOW, isolate_styles=False)


def show(*pictures: Picture, key: str, picked: Callable[[str], None] | None = None) -> None:
    """Put pictures on the page, one below the other.

    key     the element's name, another one on each page
    picked  called with what the reader picked (see `rnnviz.figures.chart`), before the page runs again
    """

    def hear() -> None:
        value = st.session_state[key].get("picked")
        if picked is not None and value is not None:
            picked(value)

    bodies = [picture.body for picture in pictures]
    _mount(key=key, data={"pictures": bodies}, on_picked_change=hear)
