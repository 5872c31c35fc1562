"""A stage in a notebook: what the widget's module does with a model, both ways."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rnnviz.player import notebook, style
from tests.browser.loop_page import small
from tests.browser.player_page import spelled

PAGE = """<!doctype html><meta charset=utf-8><style>{style}</style><body><div id=cell></div><script type=module>
{script}
const traits = {traits}, hears = {{}};
window.model = {{
  get: name => traits[name],
  set(name, value) {{ traits[name] = value; for (const act of hears["change:" + name] ?? []) act(); }},
  on(name, act) {{ (hears[name] ??= []).push(act); }},
  off(name, act) {{ hears[name] = hears[name].filter(one => one !== act); }},
  saved: 0,
  save_changes() {{ this.saved++; }},
}};
window.leave = host.render({{ model, el: cell }});
</script>"""


def spelled_stage(cell: str) -> dict[str, Any]:
    return {"kind": "player", "payload": spelled(cell).payload()}


STAGES = {
    "player": lambda: spelled_stage("lstm"),
    "loop": lambda: small("time", step=1, phase=5),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page, trouble = context.new_page(), []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield page
        assert not trouble


def show(page: Page, path: Path, given: dict[str, Any]) -> None:
    script = notebook.script(given["kind"]).replace("export default", "const host =")
    traits = {"stage": given, "place": {}, "told": {}, "height": 500}
    text = PAGE.format(style=style(given["kind"]), script=script, traits=json.dumps(traits))
    path.write_text(text, encoding="utf-8")
    page.goto(path.as_uri())
    page.get_by_test_id(f"rnn-{given['kind']}").wait_for()


@pytest.mark.parametrize("kind", STAGES)
def test_python_hears_where_the_reader_stands(page: Page, tmp_path: Path, kind: str) -> None:
    show(page, tmp_path / "cell.html", STAGES[kind]())
    page.get_by_test_id(f"rnn-{kind}").focus()
    page.keyboard.press("End")
    last = int(page.get_by_test_id(f"rnn-{kind}").get_attribute("data-steps") or 0) - 1
    page.wait_for_function("last => model.get('place').step === last", arg=last)
    assert page.evaluate("model.saved") > 0


@pytest.mark.parametrize("kind", STAGES)
def test_python_sends_the_reader_somewhere_and_it_can_leave_again(page: Page, tmp_path: Path, kind: str) -> None:
    show(page, tmp_path / "cell.html", STAGES[kind]())
    one = page.get_by_test_id(f"rnn-{kind}")
    for _ in range(2):
        page.evaluate("model.set('place', { step: 3 })")
        expect(one).to_have_attribute("data-step", "3")
        one.focus()
        page.keyboard.press("Home")
        expect(one).to_have_attribute("data-step", "0")
        page.wait_for_function("model.get('place').step === 0")


def test_a_place_in_the_player_names_what_is_selected_and_the_pass(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path / "cell.html", STAGES["player"]())
    page.evaluate("model.set('place', { step: 2, unit: 1, selected: 'f', backward: true })")
    player = page.get_by_test_id("rnn-player")
    expect(player).to_have_attribute("data-selection", "f/1")
    expect(player).to_have_attribute("data-pass", "backward")


def test_another_stage_comes_in_the_same_place_and_the_cell_can_be_cleared(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path / "cell.html", STAGES["player"]())
    player = page.get_by_test_id("rnn-player")
    player.focus()
    page.keyboard.press("ArrowRight")
    step = player.get_attribute("data-step") or ""
    other = spelled_stage("gru")
    page.evaluate("given => model.set('stage', given)", other)
    expect(player).to_have_attribute("data-cell", "gru")
    expect(player).to_have_attribute("data-step", step)
    page.evaluate("leave()")
    expect(player).to_have_count(0)
