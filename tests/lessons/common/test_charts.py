"""What the charts' component is sent: parts as texts, numbers apart from specs."""

import json
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup

from lessons.common import charts
from rnnviz.plots import Line, Prepared, prepare


def wave(scale: float = 1.0, **given: Any) -> Prepared:
    return prepare.lines([Line("y", scale * np.arange(5.0))], title="A wave", description="It rises.", **given)


def sent(*parts: charts.Part, **given: Any) -> list[tuple[str, str]]:
    return [tuple(part.split(" ", 1)) for part in charts.payload(*parts, **given)["parts"]]  # type: ignore[misc]


def chart(part: tuple[str, str]) -> dict[str, Any]:
    assert part[0].startswith("chart-")
    return json.loads(part[1])  # type: ignore[no-any-return]


def test_html_is_sent_as_it_is() -> None:
    assert sent(Markup("<p>a  b</p>")) == [("html", "<p>a  b</p>")]


def test_what_is_not_known_to_be_safe_is_refused() -> None:
    with pytest.raises(TypeError, match="got str"):
        charts.payload("<script>")  # type: ignore[arg-type]


def test_what_is_empty_is_left_out() -> None:
    assert sent(Markup(""), Markup("a")) == [("html", "a")]


def test_charts_of_one_shape_have_one_spec_whatever_their_numbers() -> None:
    one, other, picks = (chart(part) for part in sent(wave(1), wave(2), wave(1, picks="step")))
    assert one["id"] == other["id"] != picks["id"]
    assert one["spec"] == other["spec"] != picks["spec"]
    assert one["datasets"] != other["datasets"]
    assert (picks["pick"], one["title"], one["description"]) == ("step", "A wave", "It rises.")


def test_a_spec_is_an_address_until_the_browser_asks_for_it() -> None:
    [part] = sent(wave())
    given = chart(part)
    assert given["spec"] == f"../texts/{given['id']}.json"
    [part] = sent(wave(), wanted=[given["id"]])
    assert chart(part)["spec"] == json.loads(json.dumps(wave().spec()))


def test_a_chart_of_equal_numbers_is_an_equal_text() -> None:
    assert charts.payload(wave(1)) == charts.payload(wave(1))


def test_a_row_holds_its_parts() -> None:
    [row] = charts.payload(charts.Row(Markup("a"), wave(), widths=(2, 1)))["parts"]
    assert row["widths"] == (2, 1)
    assert row["row"] == charts.payload(Markup("a"), wave())["parts"]


def test_a_row_takes_as_many_widths_as_parts() -> None:
    with pytest.raises(ValueError, match="2 parts"):
        charts.Row(Markup("a"), Markup("b"), widths=(1,))


def test_numbers_that_json_lacks_are_null() -> None:
    made = wave()
    made.datasets["lines"]["y"][0] = float("nan")
    assert chart(sent(made)[0])["datasets"]["lines"]["y"][0] is None


def test_log_axes_are_said_to_hold_logarithms() -> None:
    made = prepare.decades([Line("y", -np.arange(5.0))], title="t")
    assert chart(sent(made)[0])["log"] == [""]
    assert chart(sent(wave())[0])["log"] == []


def test_each_event_is_heard_once_however_often_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts.st, "session_state", {})
    events = [{"serial": n, "target": "step", "value": n} for n in (1, 2, 3)]

    def heard(mount: str, *some: dict[str, Any]) -> list[int]:
        return [event["value"] for event in charts._unheard("charts", {"mount": mount, "events": list(some)})]

    assert heard("a", events[0]) == [1]
    assert heard("a", *events) == [2, 3]
    assert heard("a", *events) == []
    assert heard("b", events[0]) == [1]  # mounted anew, it counts from 1
