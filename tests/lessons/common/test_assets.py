"""JavaScript as files: what is fetched, in which order, and what never travels twice."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from lessons.common import assets

FILES = {
    "page.js": 'import { a } from "./parts/a.js";\nconst late = () => import("./late.js");\nfetch(import.meta.url);',
    "parts/a.js": 'import { b } from "../b.js";\nexport const a = b;',
    "b.js": "export const b = 1;",
    "late.js": 'import { b } from "./b.js";',
}
PAGE = """
import streamlit as st
from lessons.common import assets
assets.component("a_test", "events.js")(key="one", data={"x": st.slider("x", 0, 9)}, on_y_change=lambda: None)
"""


def test_a_module_comes_after_what_it_imports() -> None:
    assert list(assets.modules("page.js", FILES, later=False)) == ["b.js", "parts/a.js", "page.js"]


def test_what_is_imported_when_it_is_needed_comes_along_only_where_there_are_no_files() -> None:
    assert "late.js" in assets.modules("page.js", FILES)
    assert "late.js" not in assets.modules("page.js", FILES, later=False)


def test_modules_that_import_one_another_come_once_each() -> None:
    circle = {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'}
    assert sorted(assets.modules("a.js", circle)) == ["a.js", "b.js"]


def test_in_a_bundle_the_loader_knows_addresses() -> None:
    page = assets.bundle("page.js", FILES, "v1")["page.js"]
    assert page["imports"] == {"./parts/a.js": "parts/a.js"}
    assert 'globalThis.rnnvizFiles["v1"].load("late.js")' in page["text"]
    assert 'fetch(globalThis.rnnvizFiles["v1"].at("page.js"))' in page["text"]


def test_every_import_names_a_file_that_is_served() -> None:
    texts = assets.sources()
    for name, text in texts.items():
        if name.endswith(".js") and not name.startswith("vendor/"):
            code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
            said = [said for _, said in assets.IMPORT.findall(code)]
            assert {assets._resolved(name, one) for one in said} <= texts.keys(), name


def test_the_code_in_a_message_is_small_and_stays_the_same() -> None:
    code = assets.loader("charts.js", ("charts.css",), served=True)
    assert len(code) < 4_000
    assert code == assets.loader("charts.js", ("charts.css",), served=True)


def test_without_files_the_code_holds_all_modules_and_styles() -> None:
    code = assets.loader("events.js", ("charts.css",), served=False)
    texts = assets.sources()
    assert json.dumps(texts["charts.css"]) in code
    assert json.dumps(texts["events.js"])[1:-1] in code


@pytest.mark.parametrize("data", [{"x": 1}, b"payload"])
def test_no_payload_is_ever_sent_twice(data: dict[str, int] | bytes) -> None:
    first, again = assets._unrepeated(data), assets._unrepeated(data)
    assert first != again
    if isinstance(data, bytes):
        assert first[: -assets.TAIL] == again[: -assets.TAIL] == data
    else:
        assert {**first, "run": 0} == {**again, "run": 0} == {**data, "run": 0}


def test_each_new_runtime_gets_its_components() -> None:
    for _ in range(2):  # each AppTest has a runtime of its own
        at = AppTest.from_string(PAGE, default_timeout=60).run()
        at.slider[0].set_value(3).run()
        assert not at.exception
