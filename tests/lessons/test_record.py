"""Every number that a lesson's page showed before it was moved is still there, at every address that opened it.

The record and what it holds: record/make_record.py. What is meant to differ, and why: record/<slug>.changed.json.
What is lost at other addresses than these: `python -m tests.lessons.record.compare <slug> --all`.
"""

from decimal import Decimal

import numpy as np
import pytest

from tests.lessons.record import payloads, said
from tests.lessons.record.compare import changes, compare, load, moved, recorded, selection

VISITS = [(slug, address) for slug in moved() for address in selection(slug)]

if VISITS:  # a lesson that has not moved has no such test, not a skipped one

    @pytest.mark.parametrize(("slug", "address"), VISITS)
    def test_a_lesson_that_has_moved_shows_the_numbers_it_showed(slug: str, address: str) -> None:
        lost = compare(slug, address)
        assert not lost, f"?{address}\n{lost}"


@pytest.mark.parametrize("slug", recorded())
def test_a_change_to_the_record_has_a_reason(slug: str) -> None:
    for change in changes(slug):
        assert len(change["why"]) > 10, change
        assert change.keys() & {"numbers", "player", "program", "always", "all"}, change
    assert load(slug)["lesson"] == slug


def test_a_number_is_read_alike_whoever_prints_it() -> None:
    power = "<math><mn>1.66</mn><mo>×</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>5</mn></mrow></msup></math>"
    for text in ("1.66×10⁻⁵", "1.66×10<sup>−5</sup>", power, "1.66e-5", r"1.66 \cdot 10^{-5}"):
        assert said.of_html(text) == ["1.66e-5"], text
    assert said.of_html("<math><mi>t</mi><mo>−</mo><mn>1</mn><mo>=</mo><mo>−</mo><mn>8.00</mn></math>") == [
        "1",
        "-8.00",
    ]
    assert said.numbers("h₅ at 1,234 of 0.9⁴⁴, 1735-1780, [−1, 1]") == [
        "5",
        "1234",
        "0.9",
        "44",
        "1735",
        "1780",
        "-1",
        "1",
    ]
    assert said.of_markdown("[A title](https://doi.org/10.1162/neco.1997.9.8.1735) (1997), $10^{-12}$") == [
        "1997",
        "1e-12",
    ]
    assert said.value("0.90") == said.value("0.9") == Decimal("0.9") != said.value("0.901")


def test_another_number_in_a_payload_is_seen_and_another_last_digit_is_not() -> None:
    header = b'{"arrays":[["h",1,4,32]],"steps":1}'
    header += b" " * (-len(header) % 4)

    def sent(*values: float) -> payloads.Fingerprint:
        body = b"".join(np.float32(v).tobytes() for v in values) + (1).to_bytes(2, "little")
        found = payloads.fingerprint(len(header).to_bytes(4, "little") + header + body)
        assert found is not None
        return found

    one = sent(0.5, -0.25, 0.125, 0.0)
    assert payloads.differences(one, one) == []
    assert payloads.differences(one, sent(0.5, -0.25, 0.12500001, 0.0)) == []
    assert payloads.differences(one, sent(0.5, -0.25, 0.126, 0.0)) != []
    assert payloads.differences(one, sent(0.5, 0.125, -0.25, 0.0)) != []
