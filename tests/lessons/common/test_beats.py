"""Where a reader stands in a story: what a turn, a touch and an answer change, and what they leave."""

from lessons.common.beats import opened

BEATS = ("one", "two", "three")


def test_a_story_opens_at_the_beat_that_is_asked_for_or_at_its_first() -> None:
    assert opened(BEATS, "two").beat == "two"
    assert [opened(BEATS, asked).beat for asked in (None, "", "four", "<b>")] == ["one"] * 4


def test_a_turn_puts_right_what_was_touched_and_keeps_the_answers() -> None:
    place = opened(BEATS, None).touch("rho", 1.2).answer("which", "f")
    turned = place.turn("two")
    assert (turned.beat, dict(turned.touched), dict(turned.answers)) == ("two", {}, {"which": "f"})
    assert turned.epoch == place.epoch + 1
    assert place.turn(place.beat).touched == {}


def test_a_touch_leaves_the_beat_and_counts_as_the_reader_s_own() -> None:
    place = opened(BEATS, "two").touch("rho", 1.2).touch("units", 3).touch("rho", 0.5)
    assert (place.beat, dict(place.touched), place.epoch) == ("two", {"rho": 0.5, "units": 3}, 0)


def test_only_the_first_answer_counts_and_an_answer_that_was_revealed_is_one() -> None:
    place = opened(BEATS, None).answer("which", None).answer("which", "f").answer("other", "yes")
    assert dict(place.answers) == {"which": None, "other": "yes"}


def test_a_place_is_not_changed_by_what_comes_after_it() -> None:
    place = opened(BEATS, None)
    place.turn("two"), place.touch("rho", 1), place.answer("which", "f")
    assert (place.beat, dict(place.touched), dict(place.answers), place.epoch) == ("one", {}, {}, 0)
