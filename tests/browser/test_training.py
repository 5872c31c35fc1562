"""Training in a real browser: rewound, forked and come back to, it has the same numbers to the bit."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_learn import live_stage, numbers, stands, train_to
from tests.browser.waiting import settle

EXPLORE = "/training?mode=explore"
SAVING = "cell=gru&optimizer=adam&rate=0.01&drop=0.1&clip=1"


def bits(root: Locator, lane: str) -> dict[str, str]:
    """All that is read out of a lane; its eigenvalues, which stand in the order in which they came, by size."""
    found = numbers(root, lane)
    each = iter(found["eigenvalues"].split())
    return found | {"eigenvalues": " ".join(sorted(f"{real} {imaginary}" for real, imaginary in zip(each, each)))}


@pytest.mark.parametrize("settings", ["", SAVING])
def test_rewound_the_same_network_learns_the_same_to_the_bit(page: Page, settings: str) -> None:
    root = live_stage(page, f"{EXPLORE}&{settings}")
    first = train_to(root, 16)
    root.locator("[data-extra=rewind]").click()
    stands(root, 0)
    settle(page)
    assert train_to(root, 16) == first


def test_a_fork_shares_its_past_to_the_bit_and_parts_when_a_knob_is_turned(page: Page) -> None:
    root = live_stage(page, f"{EXPLORE}&{SAVING}")
    train_to(root, 12)
    root.locator("[data-extra=fork]").click()
    expect(root.locator(".lanes button")).to_have_count(2)
    settle(page)
    train_to(root, 18)
    assert bits(root, "fork") == bits(root, "first")
    page.locator("input[name=rate]").focus()
    page.keyboard.press("ArrowRight")
    expect(root.locator(".lanes button").nth(1)).to_contain_text("0.02")
    settle(page)
    train_to(root, 18)
    assert bits(root, "fork") != bits(root, "first")


def test_the_player_shows_the_network_as_it_was_where_one_has_scrubbed_to(page: Page) -> None:
    root = live_stage(page, EXPLORE)
    train_to(root, 20)
    note = page.get_by_text("as it was after update 20")
    expect(note).to_be_visible()
    root.focus()
    for _ in range(8):
        root.press("ArrowLeft")
    stands(root, 12)
    expect(page.get_by_text("as it was after update 12")).to_be_visible()
    expect(page.get_by_text("After update 12.", exact=True)).to_be_visible()


def test_a_run_that_diverged_says_at_which_update_and_once_more_after_the_rewind(page: Page) -> None:
    root = live_stage(page, f"{EXPLORE}&rate=1")
    said = []
    for _ in range(2):
        root.locator("[data-speed]").last.click()
        root.locator("[data-act=play]").click()
        expect(root.locator(".message")).to_have_text(re.compile(r"^Diverged at update \d+"))  # at its end
        expect(root).to_have_attribute("data-ended", "diverged")
        expect(root).to_have_attribute("data-playing", "false")
        said.append(root.locator(".message").inner_text())
        settle(page)
        expect(page.get_by_text(re.compile(r"Update \d+ diverged"))).to_be_visible()
        root.locator("[data-extra=rewind]").click()
        stands(root, 0)
        settle(page)
    assert said[0] == said[1]


def test_the_first_beat_pays_off_within_ten_seconds(page: Page) -> None:
    root = live_stage(page, "/training?beat=tide")
    root.locator("[data-act=play]").click()
    page.wait_for_function("root => Number(root.dataset.step) >= 60", arg=root.element_handle(), timeout=10_000)
