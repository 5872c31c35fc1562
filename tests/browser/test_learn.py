"""The live stage: it moves while it learns, stops at once, and what is learned again is the same to the bit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common.shared import shared
from rnnviz.player import learn
from tests.browser.conftest import TROUBLE_IN_LOG
from tests.browser.server import App, serve
from tests.browser.test_race import LOOK
from tests.browser.waiting import eventually, moves, quiet, settle

LIMIT = 120
DESK = {"viewport": {"width": 884, "height": 640}}
PROJECTOR = {"viewport": {"width": 628, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 720}, "has_touch": True}
OUT = """() => [...document.querySelectorAll(".rnn-learn :is(button, p, input, canvas)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""


def records(rate: float, frames: int = LIMIT + 1) -> list[dict[str, Any]]:
    """Something that changes at each update as a network that learns does."""
    turn = np.exp(1j * np.linspace(0, 2 * np.pi, 8, endpoint=False))
    return [
        {
            "loss": np.nan if n == 0 else float(np.exp(-rate * n) + 0.02 * np.sin(7.3 * n) ** 2),
            "gradient_norm": 3 * float(np.exp(-rate * n)) + 0.3,
            "clipped_norm": min(1.0, 3 * float(np.exp(-rate * n)) + 0.3),
            "spectral_radius": 1 + 0.004 * n,
            "eigenvalues": turn * (1 + 0.004 * n) * np.exp(0.01j * n),
            "gate_f": 0.5 + 0.002 * n,
            "answers": np.linspace(0, 1, 12) * (1 - np.exp(-rate * n)),
            "probabilities": np.full((3, 2), 0.5),
            "W": np.full((3, 3), np.sin(0.1 * n)),
            "place": np.array([np.cos(0.05 * n), np.sin(0.05 * n)]),
            "step_norms": np.geomspace(1e-4, 1, 12),
        }
        for n in range(frames)
    ]


TARGETS = np.linspace(0, 1, 12)
PANELS = [
    [
        learn.dots("answers", TARGETS, "Answers", low=0, high=1, axes=("target", "answer")),
        learn.curve("loss", "Loss", scale="log", lines={"baseline": 0.5}, leaves="baseline", smooth=5),
    ],
    [
        learn.plane("eigenvalues", "Eigenvalues", radius="spectral_radius"),
        learn.curve(["gradient_norm", "clipped_norm"], "Norm", names=["before", "after"], between=True),
        learn.curve("gate_f", "Gates", low=0, high=1, hues=["forget"], names=["f"]),
    ],
]
OTHERS = [
    [learn.sequence("answers", TARGETS, "Answers", inputs=TARGETS), learn.steps("step_norms", "Norm, step by step")],
    [
        learn.classes("probabilities", [0, 1, 1], ["no", "yes"], "How sure it is", names=["1", "2", "3"]),
        learn.heat("W", "W_h", (3, 3)),
        learn.paths("place", "map", "Loss surface", axes=("w", "b")),
    ],
]
MAP = learn.chart((-1, 1), (-1, 1), np.add.outer(np.linspace(-1, 1, 9) ** 2, np.linspace(-1, 1, 9) ** 2), [0.5, 1])


def stage(rates: tuple[float, ...] = (0.02,), frames: int = LIMIT + 1, **place: Any) -> dict[str, Any]:
    lanes = [learn.Lane(f"lane{k}", f"rate {rate}") for k, rate in enumerate(rates)]
    given = {"panels": PANELS, "words": shared().labels("learn", {}), "limit": LIMIT, "constants": {"map": MAP}}
    return learn.learn(lanes, [records(rate, frames) for rate in rates], **(given | place))


Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(options: dict[str, Any] = DESK, **place: Any) -> tuple[Page, Locator]:
        file = tmp_path / "learn.html"
        html = rv.player.stage_to_html(stage(**place))
        html = html.replace("const data =", "window.told = []; const data =")
        html = html.replace("data, () => {});", "data, said => window.told.push(said));")
        file.write_text(html.replace("$learn.mount(", "window.one = $learn.mount("))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-learn")
        expect(root).to_have_attribute("data-steps", str(place.get("frames", LIMIT + 1) - 1))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def numbers(root: Locator, lane: str | None = None) -> dict[str, str]:
    """All that is read out of one lane: every bit of it."""
    row = root.locator("tr[data-lane]").first if lane is None else root.locator(f"tr[data-lane={lane}]")
    cells = row.locator("td").evaluate_all("all => all.map(one => [one.dataset.of, one.dataset.value])")
    return dict(cells)


def stands(root: Locator, update: int) -> None:
    expect(root).to_have_attribute("data-step", str(update))
    expect(root).to_have_attribute("data-playing", "false")
    expect(root.locator("caption")).to_have_text(f"After update {update}")


@pytest.mark.parametrize("rates", [(0.02,), (0.02, 0.05, 0.01)], ids=["one lane", "three"])
def test_while_it_plays_at_its_slowest_something_moves_all_the_time(opened: Open, rates: tuple[float, ...]) -> None:
    _, root = opened(rates=rates)
    slowest = root.locator("[data-speed]").first
    assert slowest.get_attribute("data-speed") == "0.25"
    slowest.click()
    root.press(" ")
    assert moves(root, LOOK) >= 7


def test_space_plays_arrows_step_and_home_and_end_lead_to_the_ends(opened: Open) -> None:
    _, root = opened()
    root.focus()
    root.press("ArrowRight")
    root.press("ArrowRight")
    stands(root, 2)
    root.press("ArrowLeft")
    stands(root, 1)
    root.press("End")
    stands(root, LIMIT)
    root.press("Home")
    stands(root, 0)
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "false")


def test_what_is_read_out_is_every_bit_of_the_records(opened: Open) -> None:
    _, root = opened(rates=(0.02, 0.05))
    root.focus()
    for _ in range(3):
        root.press("ArrowRight")
    stands(root, 3)
    for lane, rate in (("lane0", 0.02), ("lane1", 0.05)):
        expected = records(rate)[3]
        read = numbers(root, lane)
        assert float(read["loss"]) == expected["loss"]
        assert [float(one) for one in read["answers"].split()] == expected["answers"].astype(np.float32).tolist()


def test_along_a_curve_one_goes_back_and_forth_and_python_hears_where_one_rests(opened: Open) -> None:
    page, root = opened()
    box = root.locator("canvas").bounding_box()
    assert box is not None
    y, right = box["y"] + box["height"] * 0.25, box["x"] + box["width"] - 14
    page.mouse.move(right - 30, y)
    page.mouse.down()
    page.mouse.move(right - 60, y, steps=3)
    page.mouse.move(right - 100, y, steps=3)
    page.mouse.up()
    page.wait_for_function("root => told.at(-1)?.value.update === Number(root.dataset.step)", arg=root.element_handle())
    here = int(root.get_attribute("data-step") or 0)
    assert LIMIT / 2 < here < LIMIT
    assert page.evaluate("told.at(-1)") == {"target": "at", "value": {"run": None, "update": here}}


def test_it_plays_by_itself_to_where_it_is_told_and_says_so_once(opened: Open) -> None:
    page, root = opened(locked=True, hide_from=0, frames=1)
    root.focus()
    for key in (" ", "ArrowRight", "End"):
        root.press(key)
    page.evaluate("one.play()")
    page.wait_for_timeout(200)
    assert (root.get_attribute("data-step"), root.get_attribute("data-playing")) == ("0", "false")
    page.evaluate("given => one.receive({ ...given, token: 2, play_to: 20, speed: 4 }, true)", stage())
    expect(root).to_have_attribute("data-step", "20")
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.some(said => said.target === 'played')")
    assert [said for said in page.evaluate("told") if said["target"] == "played"] == [{"target": "played", "value": 20}]


def test_what_a_question_hides_is_nowhere_in_the_page(opened: Open) -> None:
    _, root = opened(step=10, hide_from=10, locked=True, frames=11)
    stands(root, 10)
    assert root.get_attribute("data-steps") == "10"


def test_with_the_same_token_it_keeps_its_place_and_with_another_it_is_set_anew(opened: Open) -> None:
    page, root = opened(frames=30, token="a")
    root.focus()
    root.press("End")
    stands(root, 29)
    page.evaluate("given => one.receive(given)", stage(frames=60, token="a"))
    expect(root).to_have_attribute("data-steps", "59")
    stands(root, 29)
    page.evaluate("given => one.receive(given)", stage(frames=60, token="b"))
    stands(root, 0)


def test_other_stored_records_take_the_place_of_those_that_were_shown(opened: Open) -> None:
    """As many frames of the same lanes, as when a story goes from sequences of one length to those of another."""
    page, root = opened(rates=(0.02,), token="long")
    root.press("End")
    stands(root, LIMIT)
    before = numbers(root, "lane0")
    page.evaluate("given => one.receive(given)", stage(rates=(0.09,), token="short"))
    stands(root, 0)
    root.press("End")
    stands(root, LIMIT)
    eventually(lambda: differ(numbers(root, "lane0"), before))


def differ(now: object, before: object) -> None:
    assert now != before


def test_a_lane_that_diverged_says_at_which_update_and_offers_the_rewind(opened: Open) -> None:
    _, root = opened(frames=31, ended={"lane0": {"update": 31, "why": "diverged"}})
    root.focus()
    expect(root.locator(".message")).to_have_text("")
    root.press("End")
    expect(root.locator(".message")).to_contain_text("Diverged at update 31")
    expect(root).to_have_attribute("data-ended", "diverged")
    root.locator("[data-extra=rewind]").click()
    stands(root, 0)


def test_with_reduced_motion_it_goes_by_whole_updates(opened: Open) -> None:
    page, root = opened({**DESK, "reduced_motion": "reduce"})
    root.focus()
    root.press(" ")
    for _ in range(12):
        at = float(root.locator("input[name=at]").input_value())
        assert at == int(at)
        page.wait_for_timeout(90)
    expect(root).not_to_have_attribute("data-step", "0")


@pytest.mark.parametrize("options", [DESK, PROJECTOR, PHONE], ids=["desk", "projector", "phone"])
@pytest.mark.parametrize("panels", [PANELS, OTHERS], ids=["usual", "others"])
def test_nothing_stands_outside_of_the_window(opened: Open, options: dict[str, Any], panels: Any) -> None:
    page, root = opened(options, rates=(0.02, 0.05, 0.01), panels=panels, can=["fork"])
    root.focus()
    root.press("End")
    stands(root, LIMIT)
    assert page.evaluate(OUT) == []


def test_a_picture_takes_the_browser_little_time(opened: Open) -> None:
    """Of eight milliseconds at a quiet desk, thrice as much on a busy one, which takes its own time for some."""
    page, root = opened(rates=(0.02, 0.05, 0.01))
    page.evaluate("""() => { window.spent = []; const ask = requestAnimationFrame;
        window.requestAnimationFrame = act => ask(now => {
            const begun = performance.now(); act(now); spent.push(performance.now() - begun); }); }""")
    root.focus()
    root.press(" ")
    page.wait_for_function("spent.length > 40")
    assert float(np.quantile(page.evaluate("spent"), 0.25)) < 24


SCRIPT = """
from collections.abc import Iterator
import numpy as np
import streamlit as st

import rnnviz as rv
from lessons.common import live

def sample(rng):
    return rv.tasks.adding(rng, batch_size=4, num_steps=8)

x = sample(np.random.default_rng(9)).x

def lane(rate, **named):
    rule = rv.optimizers.sgd() if rate > 1 else rv.optimizers.adam()
    def start():
        net = rv.Network.create("lstm", 2, 4, output_size=1, rng=np.random.default_rng(0))
        return rv.training.start(net, rule, np.random.default_rng(1))
    def go(checkpoint):
        loss = rv.losses.mean_squared_error
        return rv.training.train(checkpoint, sample, loss=loss, optimizer=rule, learning_rate=rate)
    return live.Lane("one", start, go, token=rate, label="LSTM")

def record(checkpoint):
    return live.usual(checkpoint) | {"answers": rv.unroll(checkpoint.network, x).y[-1, :, 0]}

class Page:
    slug = "page"
    hear = staticmethod(lambda event: None)

rate = float(st.query_params.get("rate", 0.01))
values = {"rate": rate}
fork = live.forked(Page, "run", values, ("rate",))
lanes = [lane(rate)]
if fork:
    lanes.append(lane(rate).forked(lanes[0], fork.update, id="fork", label="the same"))
panels = [live.loss(1 / 6), live.eigenvalues(), live.gates()]
run = live.show(Page, "run", lanes, record, panels, limit=int(st.query_params.get("limit", 200)), can=["fork"], pace=40)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"stands at {run.at}, weight {float(run.checkpoint().network.state_dict()['weight_hh_l0'][0, 0])!r}.")
st.text(f"runs {st.session_state['runs']}")
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("learn")
    script = folder / "learn.py"
    script.write_text(SCRIPT)
    with serve(str(script), folder / "log", PYTHONPATH=".") as app:
        yield app


@pytest.fixture
def page(browser: Browser, served: App) -> Iterator[Page]:
    """A fresh session; it fails in the end where page or server logged an error."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=served.url) as context:
        page, trouble = context.new_page(), []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield page
        assert not trouble
        assert not TROUBLE_IN_LOG.search(served.log.read_text())


def live_stage(page: Page, address: str = "/") -> Locator:
    page.goto(address)
    root = page.get_by_test_id("rnn-learn")
    root.wait_for()
    settle(page)
    return root


def train_to(root: Locator, update: int) -> dict[str, str]:
    """Train step by step to an update that is at most a few away, or play until it is there; what is read out then."""
    root.focus()
    root.press(" ")
    root.page.wait_for_function(
        f"""root => Number(root.dataset.step) >= {update - 4}""", arg=root.element_handle(), timeout=60_000
    )
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "false")
    while (here := int(root.get_attribute("data-step") or 0)) != update:
        root.press("ArrowRight" if here < update else "ArrowLeft")
        expect(root).not_to_have_attribute("data-step", str(here))
    stands(root, update)
    return numbers(root)


def test_it_trains_as_it_plays_and_stops_at_once(page: Page) -> None:
    root = live_stage(page)
    expect(root).to_have_attribute("data-steps", "0")
    train_to(root, 20)
    quiet(page)
    known = root.get_attribute("data-steps")
    quiet(page, 700)
    assert root.get_attribute("data-steps") == known
    assert int(known or 0) < 120


def test_while_it_trains_and_plays_at_its_slowest_something_moves_all_the_time(page: Page) -> None:
    root = live_stage(page)
    root.locator("[data-speed]").first.click()
    root.focus()
    root.press(" ")
    expect(root).not_to_have_attribute("data-step", "0")
    assert moves(root, LOOK) >= 7
    root.press(" ")


def test_rewound_it_learns_the_same_numbers_to_the_bit(page: Page) -> None:
    root = live_stage(page)
    first = train_to(root, 30)
    assert float(first["loss"]) > 0
    run = root.get_attribute("data-run")
    root.press("Home")
    stands(root, 0)
    expect(root).not_to_have_attribute("data-run", run or "")
    settle(page)
    expect(root).to_have_attribute("data-steps", "0")
    assert train_to(root, 30) == first
    fresh = live_stage(page)  # and so it does in another session
    assert train_to(fresh, 30) == first


def test_a_fork_with_nothing_changed_learns_the_same_numbers_to_the_bit(page: Page) -> None:
    root = live_stage(page)
    train_to(root, 20)
    root.locator("[data-extra=fork]").click()
    expect(root.locator(".lanes button")).to_have_count(2)
    settle(page)
    expect(root).to_have_attribute("data-step", "20")
    train_to(root, 34)
    assert numbers(root, "fork") == numbers(root, "one")


def test_python_shows_the_network_as_it_was_where_the_reader_stands(page: Page) -> None:
    root = live_stage(page)
    expect(page.get_by_text("stands at None")).to_be_visible()
    before = page.get_by_text("weight").inner_text()
    train_to(root, 12)
    expect(page.get_by_text("stands at 12,")).to_be_visible()
    assert page.get_by_text("stands at 12,").inner_text().split("weight")[1] != before.split("weight")[1]


def test_slices_run_the_stage_alone(page: Page) -> None:
    root = live_stage(page)
    runs = page.get_by_text("runs ").inner_text()
    root.focus()
    root.press(" ")
    page.wait_for_function("root => Number(root.dataset.steps) > 25", arg=root.element_handle())
    assert page.get_by_text("runs ").inner_text() == runs


def test_a_run_that_diverges_stops_and_says_where(page: Page) -> None:
    root = live_stage(page, "/?rate=1e300")
    root.focus()
    root.press(" ")
    expect(root.locator(".message")).to_contain_text("Diverged at update")
    expect(root).to_have_attribute("data-playing", "false")
    expect(root).to_have_attribute("data-ended", "diverged")


def test_it_ends_at_its_limit(page: Page) -> None:
    root = live_stage(page, "/?limit=12")
    root.focus()
    root.press(" ")
    expect(root).to_have_attribute("data-step", "12")
    expect(root).to_have_attribute("data-playing", "false")
    expect(root.locator("[aria-live]")).to_have_text("All 12 updates are done.")
    expect(root.locator(".message")).to_have_text("")  # the count says so; a line more would move the picture
