"""A page of its own with stages of clipping by hand, and what a test asks it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from rnnviz.player.module import joined, style
from rnnviz.theme import DARK, LIGHT

DESK = {"viewport": {"width": 880, "height": 700}}
PAGE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width,initial-scale=1">
<style>:root{{color-scheme:light dark}}html,body,#here{{height:100%;margin:0}}
body{{background:light-dark({light},{dark})}}
{style}</style><body><div id=here></div><script type=module>
{script}
const stages = {stages}, reports = [];
const first = location.hash.slice(1) || Object.keys(stages)[0];
const stage = ${kind}.mount(document.getElementById("here"), stages[first], said => reports.push(said));
const show = (name, changes) => stage.receive({{ ...stages[name], ...changes }});
Object.assign(window, {{ stages, reports, stage, show{inner} }});
</script>
"""


def written(kind: str, stages: dict[str, Any], inner: str = "") -> str:
    """The page: `stages`, `reports` and `show(name)` are within reach, and `inner`, {name: part} as JavaScript."""
    return PAGE.format(
        light=LIGHT.background,
        dark=DARK.background,
        style=style(kind),
        script=joined(kind),
        stages=json.dumps(stages),
        kind=kind,
        inner=f", {inner}" if inner else "",
    )


@contextmanager
def opened(browser: Browser, path: Path, text: str, first: str = "", **context: Any) -> Iterator[Page]:
    """The page in a context of its own; it fails in the end where it logged an error or asked for anything."""
    path.write_text(text, encoding="utf-8")
    with browser.new_context(**(DESK | context)) as made:
        page, trouble = made.new_page(), []
        page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith("file:") else trouble.append(r.url))
        page.goto(path.as_uri() + (f"#{first}" if first else ""))
        page.wait_for_function("window.stage")
        yield page
        assert not trouble, trouble


# a look at either kind of stage, for `moves`
LOOK = """root => [...root.querySelectorAll("canvas")].map(one => one.toDataURL()).join()
    || root.querySelector(".plane").innerHTML"""


def reports(page: Page, target: str) -> list[Any]:
    """What the stage has told of this target since the last time."""
    said = page.evaluate("reports.splice(0)")
    return [one["value"] for one in said if one["target"] == target]
