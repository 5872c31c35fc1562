"""The stage of one loop: what is drawn is what the engine computed, and nothing moves that nobody asked for."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.loop_page import DESK, PHONE, WEIGHTS, Opened, many, opened, pasts, small, stages, takeaway

PHASES = ["start", "arrive", "weigh", "add", "squeeze", "round", "done"]
VIEWS = list(stages())
CALM = DESK | {"reduced_motion": "reduce"}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")

# the smallest text in CSS px, and the texts that stand out at the left or the right, of all that can be seen
LOOK = """() => {
    const small = [], out = [], scale = document.querySelector(".picture").getScreenCTM().a;
    for (const one of document.querySelectorAll(".rnn-loop text, .rnn-loop .bar *, .rnn-loop .equation *")) {
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!box.width || style.visibility === "hidden" || !own) continue;
        const size = parseFloat(style.fontSize) * (one.ownerSVGElement ? scale : 1);
        if (size < 13.99 && !one.matches("sub, .index")) small.push([one.textContent, size]);
        if (box.left < -1 || box.right > innerWidth + 1) out.push([one.textContent, box.left, box.right]);
    }
    return [small, out];
}"""
FRAMES = """async () => {
    let frames = 0;
    const draw = window.requestAnimationFrame;
    window.requestAnimationFrame = f => { frames++; return draw(f); };
    await new Promise(done => setTimeout(done, 400));
    window.requestAnimationFrame = draw;
    return frames;
}"""
# how far a step has come, by the time that went by in pictures: after a long pause it goes on from where it was
PACE = """() => new Promise(done => {
    const slider = document.querySelector("input[name=phase]"), from = Number(slider.value);
    let passed = 0, last = performance.now();
    requestAnimationFrame(function look(now) {
        passed += Math.min(now - last, 64);
        last = now;
        if (passed > 700) done((Number(slider.value) - from) / passed); else requestAnimationFrame(look);
    });
})"""
TRAIL = """() => new Promise(done => {
    const root = document.querySelector(".rnn-loop"), seen = [];
    const look = () => {
        const now = root.dataset.phase;
        if (seen[seen.length - 1] !== now) seen.push(now);
        if (now === "done") done(seen); else requestAnimationFrame(look);
    };
    look();
})"""


def shown(one: Opened) -> str:
    return " ".join(one.texts())


def test_nothing_moves_until_somebody_plays(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        one.still()
        assert one.page.evaluate(FRAMES) == 0
        one.has(step=0, phase="start", playing=False, view="machine", steps=8)
        assert one.reports() == []


def test_a_step_goes_through_its_phases_and_then_it_rests(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        one.root.get_by_test_id("loop-play").click()
        one.has(playing=True)
        trail = one.page.evaluate(TRAIL)
        assert trail[trail[0] == PHASES[0] :] == PHASES[1:]  # it may be seen before the first frame
        one.has(playing=False, step=0)
        assert one.reports() == [{"target": "step", "value": 0}, {"target": "played", "value": 0}]
        one.still()
        assert one.page.evaluate(FRAMES) == 0


def test_slow_motion_slows_what_travels(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        paces = []
        for speed in ("0.25", "1"):
            one.show("one", token=speed)
            one.root.locator(f"[data-speed='{speed}']").click()
            one.page.keyboard.press(" ")
            one.root.get_by_test_id("loop-play").click()
            paces.append(one.page.evaluate(PACE))
        assert 0 < paces[0] < paces[1] / 2


def test_the_equation_fills_in_as_the_numbers_come(browser: Browser, tmp_path: Path) -> None:
    printed = small()["data"]["printed"]
    with opened(browser, tmp_path / "page.html", "again") as one:
        for at, there in ((0.1, 0), (0.25, 1), (0.3, 2), (0.6, 3), (0.99, 4)):
            one.slide("phase", at)
            one.drawn()
            texts = one.texts(".equation .value.on")
            said = " ".join(texts)
            assert (f"{printed['w_h']} · {printed['h'][1]}" in said.replace("  ", " ")) == (there > 0)
            assert (printed["h_terms"][1] in texts) == (there > 1)
            assert (f"= tanh({printed['a'][1]})" in said) == (there > 2)
            assert (f"= {printed['h'][2]}" in said) == (there > 3)


@pytest.mark.parametrize("name", ["one", "again"])
def test_every_number_of_the_machine_is_one_of_the_engine(browser: Browser, tmp_path: Path, name: str) -> None:
    data = stages()[name]["data"]
    printed = data["printed"]
    lists = [printed[name] for name in ("x", "x_terms", "h_terms", "a", "h")] + [[printed[w]] for w in WEIGHTS]
    known = {text for texts in lists for text in texts} | {"1", "−1"}  # the ends of the curve
    with opened(browser, tmp_path / "page.html", name) as one:
        for at in (0, 0.1, 0.3, 0.45, 0.5, 0.6, 0.8, 0.9, 1):
            one.slide("phase", at)
            one.drawn()
            texts = [text for text in one.texts() if NUMBER.fullmatch(text) or text.startswith("×")]
            assert len(texts) > 2
            assert {NUMBER.search(text).group() for text in texts} <= known  # type: ignore[union-attr]


def test_the_picture_is_built_by_the_signal(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        pale = one.root.locator(".picture [opacity='0.2']")
        expect(pale.nth(2)).to_be_attached()
        one.slide("phase", 1)
        expect(pale).to_have_count(0)


@pytest.mark.parametrize(("name", "step", "shows"), [("again", 1, "machine"), ("columns", 0, "columns")])
def test_the_answer_is_not_drawn_before_the_reader_has_chosen(
    browser: Browser, tmp_path: Path, name: str, step: int, shows: str
) -> None:
    data = stages()[name]["data"]["printed"]
    secret = [data["h"][2]] if shows == "machine" else [*data["h"][1], *data["h"][3]]
    with opened(browser, tmp_path / "page.html", name) as one:
        one.show(name, locked=True, hide_from=1, token="asks")
        one.page.wait_for_timeout(900)
        one.has(locked=True)
        one.page.evaluate("stage.play()")
        for key in (" ", "End", "ArrowRight"):
            one.root.press(key)
        for day in one.root.locator("[data-day]").all():
            day.click()
        assert one.root.get_by_test_id("loop-play").is_disabled()
        one.has(playing=False, step=step)
        drawn = one.page.evaluate("document.querySelector('.rnn-loop').outerHTML")
        assert not [text for text in secret if f">{text}<" in drawn]
        one.reports()
        one.show(name, locked=False, hide_from=None, play_to=2, token="asks")
        one.has(playing=True, locked=False)
        one.page.wait_for_function("reports.some(said => said.target === 'played')", timeout=20_000)
        assert all(text in shown(one) for text in secret)


def test_keys_go_from_phase_to_phase_and_from_day_to_day(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again", **CALM) as one:
        one.root.focus()
        for phase in ("arrive", "weigh", "add", "squeeze", "done"):
            one.page.keyboard.press("ArrowRight")
            one.has(phase=phase, step=1)
        one.page.keyboard.press("ArrowLeft")
        one.has(phase="squeeze")
        one.page.keyboard.press("Home")
        one.has(phase="start", step=1)
        one.page.keyboard.press("End")
        one.has(phase="done", step=1)
        one.show("units", play_to=None)
        for key, step in (("ArrowRight", 0), ("ArrowRight", 1), ("End", 7), ("ArrowLeft", 6), ("Home", 0)):
            one.page.keyboard.press(key)
            one.has(step=step)


def test_with_reduced_motion_nothing_travels(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again", **CALM) as one:
        one.root.get_by_test_id("loop-play").click()
        one.has(phase="arrive", playing=True)
        one.still()
        one.has(phase="done", playing=False)
        one.show("time", play_to=None)
        one.slider("fold").evaluate("input => input.max")
        one.root.locator("[data-act=unfold]").click()
        one.has(fold="1.00", playing=False)


def test_a_weight_is_set_by_keys_and_by_dragging(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        box = one.root.locator("[data-weight=w_h]")
        box.focus()
        for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
            one.page.keyboard.press(key)
        assert one.reports() == [{"target": "w_h", "value": value} for value in (0.7, 0.8, 0.7)]
        place = one.root.locator("[data-weight=w_x]").bounding_box()
        assert place is not None
        x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        one.page.mouse.move(x, y)
        one.page.mouse.down()
        one.page.mouse.move(x, y - 40, steps=4)
        one.page.mouse.move(x, y + 400, steps=4)
        one.page.mouse.up()
        said = [report["value"] for report in one.reports() if report["target"] == "w_x"]
        assert max(said) > 1.2
        assert said[-1] == -2.0


def test_new_numbers_come_in_where_the_reader_stands(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again") as one:
        one.slide("phase", 0.6)
        other = small(step=1, weights=WEIGHTS | {"w_h": 1.4}, token="machine")
        one.page.evaluate("given => stage.receive({ ...given, token: stages.again.token })", other)
        one.still()
        one.has(phase="squeeze", step=1)
        assert f"× {other['data']['printed']['w_h']}" in one.texts()
        assert other["data"]["printed"]["a"][1] in " ".join(one.texts(".equation .value.on"))
        one.page.evaluate("given => stage.receive({ ...given, token: 'put right' })", other)
        one.has(phase="start", step=1)


def test_put_back_is_offered_once_something_was_changed(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        back = one.root.locator("[data-act=back]")
        one.slide("phase", 0.5)
        one.drawn()
        assert not back.is_visible()
        one.root.locator("[data-weight=w_h]").press("ArrowUp")
        back.click()
        one.page.wait_for_function("reports.at(-1)?.target === 'reset' && reports.at(-1).value === true")


def test_unrolling_leaves_a_copy_at_each_day_and_plays(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again") as one:
        one.show("time", play_to=None)
        one.still()
        counts = []
        for fold in (0, 0.5, 0.8, 1):
            one.slide("fold", fold)
            one.drawn()
            counts.append(one.root.locator(".picture .unit").count())
        assert counts[0] == 1
        assert counts == sorted(counts)
        assert counts[-1] == 8
        one.page.keyboard.press("Home")
        one.root.locator("[data-day='5']").click()
        one.page.wait_for_function("reports.some(said => said.target === 'day' && said.value === 5)")
        one.has(step=5, phase="done", playing=False)
        printed = small()["data"]["printed"]["brief"]["h"]
        assert all(text in one.texts() for text in printed[1:7])
        assert not one.root.locator("[data-act=back]").is_visible()  # a day that was looked at changes nothing
        one.slide("fold", 0.4)
        one.drawn()
        assert printed[6] not in one.texts()  # day 6's number does not stand over day 1


def test_what_a_beat_plays_by_itself_unfolds_first(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again") as one:
        one.show("time", play_to=3)
        one.has(playing=True)
        one.has(fold="1.00")
        one.has(step=2, phase="done", playing=False)
        assert [said for said in one.reports() if said["target"] == "played"] == [{"target": "played", "value": 2}]


def test_two_states_are_laid_side_by_side_with_their_differences(browser: Browser, tmp_path: Path) -> None:
    pair = many()["data"]["pair"]
    with opened(browser, tmp_path / "page.html", "columns", **CALM) as one:
        one.show("columns", locked=False, hide_from=None)
        one.page.wait_for_function("reports.some(said => said.target === 'played')", timeout=20_000)
        texts = one.texts()
        assert all(text in texts for text in (*pair["printed"][0], *pair["printed"][1], *pair["apart_printed"]))
        widths = [float(bar.get_attribute("width") or 0) for bar in one.root.locator(".picture .apart").all()]
        assert sorted(range(8), key=lambda j: widths[j]) == sorted(range(8), key=lambda j: pair["apart"][j])


def test_a_cell_reads_its_number_out(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "units", **CALM) as one:
        one.show("units", play_to=None)
        one.slide("at", 4)
        one.root.locator("[data-cell='2 5']").hover()
        expected = f"unit 6, day 3: h = {many()['data']['printed']['h'][2][5]}"
        expect(one.root.locator(".hint.on")).to_have_text(expected)
        expect(one.root.locator("[data-cell='5 1']")).to_have_count(0)


def test_a_symbol_explains_itself_and_lights_up_its_place(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "again") as one:
        one.root.locator(".equation [data-part=w_h]").first.hover()
        expect(one.root.locator(".hint.on")).to_have_text(stages()["again"]["words"]["terms"]["w_h"])
        expect(one.root.locator("[data-weight=w_h]")).to_have_class(re.compile("lit"))
        one.page.mouse.move(5, 690)
        expect(one.root.locator(".hint.on")).to_have_count(0)


def test_the_curve_follows_rho_without_starting_again(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "pasts", **CALM) as one:
        one.page.wait_for_function("reports.some(said => said.target === 'played')", timeout=20_000)
        one.reports()
        one.slide("rho", 0.91)
        assert one.reports() == [{"target": "rho", "value": 0.91}]
        before = one.root.locator(".picture .difference").get_attribute("d")
        given = pasts(0.91, play_to=20)
        one.page.evaluate("given => stage.receive(given)", given)
        one.still()
        assert one.root.locator(".picture .difference").get_attribute("d") != before
        assert given["words"]["verdict"] in one.texts()
        assert one.root.locator("output").inner_text() == "ρ = 0.91"
        assert one.reports() == []
        one.has(playing=False)


def test_an_older_answer_never_sets_the_slider_back(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "pasts", **CALM) as one:
        one.page.wait_for_function("reports.some(said => said.target === 'played')", timeout=20_000)
        slider = one.slider("rho")
        slider.focus()
        for step in range(1, 31):
            one.page.keyboard.press("ArrowRight")
            if step % 7 == 0:  # late, and once as if the stage had been put right meanwhile
                one.show("pasts", token=step if step == 14 else "pasts")
            assert float(slider.input_value()) == pytest.approx(0.6 + step / 100)
        one.page.wait_for_timeout(600)
        one.page.evaluate("given => stage.receive(given)", pasts(0.85, play_to=20))
        assert float(slider.input_value()) == pytest.approx(0.9)
        for rho in (0.9, 0.7):  # the answer to what was set; after that the page may say something else
            one.page.evaluate("given => stage.receive(given)", pasts(rho, play_to=20))
            one.still()
            assert float(slider.input_value()) == pytest.approx(rho)


def test_what_was_asked_for_is_told_once(browser: Browser, tmp_path: Path) -> None:
    for context in (DESK, CALM):
        with opened(browser, tmp_path / "page.html", "one", **context) as one:
            one.show("again", locked=True, hide_from=1, token="asks")
            for _ in range(2):
                one.show("again", locked=False, play_to=2, token="asks")
            one.page.wait_for_function("reports.some(said => said.target === 'played')", timeout=20_000)
            one.root.get_by_test_id("loop-play").click()
            one.has(playing=True)
            one.has(playing=False)
            assert [said for said in one.reports() if said["target"] == "played"] == [{"target": "played", "value": 1}]


def test_a_reader_who_takes_over_is_told_too(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        one.show("again", play_to=2, token="asks")
        one.has(playing=True)
        one.slide("phase", 0.4)
        one.has(playing=False)
        one.page.wait_for_function("reports.some(said => said.target === 'played' && said.value === 1)")


def test_pointing_at_a_day_or_the_bias_frames_it_and_leaves_its_words(browser: Browser, tmp_path: Path) -> None:
    stroke = "text => getComputedStyle(text).stroke"
    with opened(browser, tmp_path / "page.html", "one") as one:
        for part in (one.root.locator("[data-day='0']"), one.root.locator(".picture .pill[data-part=b]")):
            part.hover()
            expect(part).to_have_class(re.compile("lit"))
            assert {text.evaluate(stroke) for text in part.locator("text").all()} == {"none"}
            expect(part.locator("rect")).to_have_css("stroke-width", "3px")


def test_a_cell_shows_what_leads_to_it_and_everything_again(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "units", **CALM) as one:
        one.show("units", play_to=None)
        one.slide("at", 5)
        lines = one.root.locator(".picture path[stroke]:not([stroke^='var'])")
        cell = one.root.locator("[data-cell='3 2']")
        for count in (8, 0, 8):
            cell.click()
            expect(lines).to_have_count(count)
        one.root.press("Escape")
        expect(lines).to_have_count(0)
        assert {"target": "cell", "value": {"step": 3, "unit": 2}} in one.reports()


@pytest.mark.parametrize("rho", [0.0, 0.9, 1.5])
def test_bands_are_as_wide_as_what_is_left_and_follow_rho(browser: Browser, tmp_path: Path, rho: float) -> None:
    data = takeaway(rho)["data"]
    with opened(browser, tmp_path / "page.html", "takeaway", **CALM) as one:
        one.still()
        one.slide("rho", rho)
        if rho != 0.9:
            assert {"target": "rho", "value": rho} in one.reports()
        one.page.evaluate("given => stage.receive(given)", takeaway(rho))
        one.still()
        widths = [float(band.get_attribute("stroke-width") or 0) for band in one.root.locator(".picture .band").all()]
        whole = widths[-1] / data["shares"][-1]
        assert widths == pytest.approx([max(1.2, share * whole) for share in data["shares"]], abs=0.01)
        assert all(text in one.texts() for text in data["printed"]["shares"])


def test_the_bound_leaves_the_chart_where_it_is_higher(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "growing", **CALM) as one:
        one.show("growing", play_to=None)
        one.still()
        bound = one.root.locator(".picture .bound[d*=L]").first.get_attribute("d") or ""
        ys = [float(pair.split()[1]) for pair in bound[1:].split("L")]
        assert len(ys) < 20
        assert ys == sorted(ys, reverse=True)
        assert one.root.locator(".picture .leaves").count() == 1


def test_type_is_large_on_a_projector(browser: Browser, tmp_path: Path) -> None:
    wide = {"viewport": {"width": 880, "height": 700}, "reduced_motion": "reduce"}
    with opened(browser, tmp_path / "page.html", "one", **wide) as one:
        one.page.evaluate("document.getElementById('here').classList.add('projector'); stage.resize()")
        for name in VIEWS:
            one.show(name, play_to=None, locked=False, token="large")
            one.root.press("End")
            one.still()
            small_texts, outside = one.page.evaluate(LOOK.replace("13.99", "17.99"))
            assert small_texts == []
            assert outside == []


def heights(one: Opened) -> list[float]:
    return [float(dot.get_attribute("cy") or 0) for dot in one.root.locator(".picture .dot").all()]


@pytest.mark.parametrize("log", [False, True])
def test_the_curve_is_as_high_as_what_is_left(browser: Browser, tmp_path: Path, log: bool) -> None:
    data = pasts(0.8)["data"]
    with opened(browser, tmp_path / "page.html", "pasts", **CALM) as one:
        one.page.evaluate("given => stage.receive(given)", pasts(0.8, token="other", log=log, play_to=None))
        one.still()
        ys = heights(one)
        assert len(ys) == len(data["shares"])
        assert ys == sorted(ys)
        if not log:
            scale = [(ys[0] - y) / (1 - share) for y, share in zip(ys[1:], data["shares"][1:])]
            assert max(scale) - min(scale) < 1


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("context", [DESK, PHONE], ids=["desk", "phone"])
def test_text_is_large_enough_and_stays_in_the_picture(
    browser: Browser, tmp_path: Path, name: str, context: dict[str, Any]
) -> None:
    with opened(browser, tmp_path / "page.html", name, **context, reduced_motion="reduce") as one:
        one.show(name, play_to=None, locked=False, token="still")
        for key in ("Home", "End"):
            one.root.press(key)
            one.still()
            small_texts, outside = one.page.evaluate(LOOK)
            assert small_texts == []
            assert outside == []
        if context is PHONE:
            assert one.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_views_cross_fade_and_leave_nothing_behind(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        for name in VIEWS:
            one.show(name, play_to=None)
            one.page.wait_for_timeout(120)
        one.show("takeaway")
        one.has(view="takeaway")
        expect(one.root.locator(".picture .unit, .picture .difference, .picture .mark")).to_have_count(0)
        one.show("one")
        one.has(view="machine", step=0, phase="start")
        expect(one.root.locator(".picture .unit")).to_have_count(1)
        expect(one.root.locator(".picture .band")).to_have_count(0)


def test_a_stage_that_is_left_is_gone(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "one") as one:
        one.page.keyboard.press(" ")
        one.page.evaluate("stage.stop()")
        expect(one.root).to_have_count(0)
        assert one.page.evaluate(FRAMES) == 0
