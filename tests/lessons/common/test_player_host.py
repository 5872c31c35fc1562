"""The player on a page, without a browser: what Python makes of the address, and of what the browser tells."""

import json
import textwrap
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lessons.common.player import _framed
from lessons.common.player import place as where

PAGE = textwrap.dedent(
    """
    import numpy as np
    import streamlit as st

    import rnnviz as rv
    from lessons.common.player import player, send_to

    net = rv.Network.create("gru", 2, {units}, num_layers=2, bidirectional=True, rng=np.random.default_rng(0))
    trace = rv.unroll(net, np.ones(({steps}, 1, 2)))
    grads = rv.backpropagate(net, trace, np.ones_like(trace.y)) if {grads} else None
    st.session_state["said"] = player(trace, grads, key="player", step=4, unit=2, selected="z", backward={backward})
    st.button("there", on_click=send_to, args=("player",), kwargs={{"step": 1, "selected": "r"}})
    """
)


def visit(
    units: int = 3,
    steps: int = 6,
    shown: dict[str, Any] | None = None,
    grads: bool = True,
    backward: bool = False,
    **query: str,
) -> AppTest:
    page = PAGE.format(units=units, steps=steps, grads=grads, backward=backward)
    at = AppTest.from_string(page, default_timeout=60)
    at.query_params.update(query)
    if shown is not None:
        at.session_state["player"] = {"shown": shown}
    at.run()
    assert not at.exception
    return at


def place(at: AppTest) -> tuple[Any, ...]:
    said = at.session_state["said"]
    return said.step, said.unit, said.layer, said.direction, said.selected, said.backward


def address(at: AppTest) -> dict[str, Any]:
    return dict(at.query_params)


def test_at_first_it_stands_where_the_page_says_and_the_address_tells() -> None:
    at = visit()
    assert place(at) == (4, 2, 0, 0, "z", False)
    assert address(at) == {"step": "5", "unit": "3"}


def test_the_address_counts_from_1() -> None:
    assert place(visit(step="1", unit="2"))[:2] == (0, 1)


@pytest.mark.parametrize("nonsense", ["0", "7", "-1", "x", "", "1.5", "²", "99999999999999999999"])
def test_nonsense_in_the_address_is_as_if_it_were_not_there(nonsense: str) -> None:
    names = ("step", "unit", "layer", "direction", "pass")
    at = visit(**dict.fromkeys(names, nonsense))
    assert place(at) == (4, 2, 0, 0, "z", False)
    assert address(at) == {"step": "5", "unit": "3"}


@pytest.mark.parametrize("word", ["c", "Z", "zz", "forward", "keep "])
def test_what_this_cell_does_not_have_is_nonsense_too(word: str) -> None:
    assert place(visit(see=word, **{"pass": word})) == (4, 2, 0, 0, "z", False)


def test_a_link_opens_where_its_sender_stood() -> None:
    sent = visit(shown={"step": 5, "unit": 1, "layer": 1, "direction": 1, "selected": "keep", "backward": True})
    assert place(visit(**address(sent))) == place(sent) == (5, 1, 1, 1, "keep", True)


def test_without_gradients_a_link_to_the_backward_pass_opens_in_the_forward_pass() -> None:
    at = visit(grads=False, see="n", **{"pass": "backward"})
    assert place(at) == (4, 2, 0, 0, "n", False)
    assert address(at) == {"step": "5", "unit": "3", "see": "n"}


def test_a_page_about_the_backward_pass_opens_there_and_a_link_to_the_forward_pass_does_not() -> None:
    at = visit(backward=True)
    assert place(at)[5]
    assert address(at) == {"step": "5", "unit": "3"}
    assert not place(visit(backward=True, **{"pass": "forward"}))[5]
    assert place(visit(backward=True, **{"pass": "sideways"}))[5]
    assert not place(visit(backward=True, grads=False))[5]
    at.session_state["player"] = {"shown": {"step": 4, "unit": 2, "layer": 0, "selected": "z", "backward": False}}
    at.run()
    assert address(at) == {"step": "5", "unit": "3", "pass": "forward"}


def test_where_the_reader_stands_comes_back() -> None:
    shown = {"step": 5, "unit": 1, "layer": 1, "direction": 1, "selected": "n", "backward": True}
    at = visit(shown=shown)
    assert place(at) == tuple(shown.values())
    assert address(at) == {"step": "6", "unit": "2", "pass": "backward", "see": "n", "layer": "2", "direction": "2"}


def test_the_address_says_only_what_differs_from_the_page_s_start() -> None:
    at = visit(layer="2", see="r", **{"pass": "backward"})
    assert address(at) == {"step": "5", "unit": "3", "layer": "2", "see": "r", "pass": "backward"}
    at.session_state["player"] = {"shown": {"step": 4, "unit": 2, "layer": 0, "selected": "z", "backward": False}}
    at.run()
    assert not at.exception
    assert address(at) == {"step": "5", "unit": "3"}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({"step": 99, "unit": 99, "layer": 99, "direction": 99}, (5, 2, 1, 1, "z", False)),
        ({"step": -1, "unit": -5, "layer": -1, "direction": -1}, (0, 0, 0, 0, "z", False)),
        ({"step": "1", "unit": None, "layer": 0.5, "direction": []}, (4, 2, 0, 0, "z", False)),
        ({}, (4, 2, 0, 0, "z", False)),
    ],
)
def test_what_comes_back_is_held_within_the_network(shown: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """It may be of the network before the slider moved, or of no network at all."""
    assert place(visit(shown=shown)) == expected


def test_a_network_too_small_for_the_page_s_own_start_is_shown_at_its_last_step_and_unit() -> None:
    assert place(visit(units=1, steps=2))[:2] == (1, 0)


def test_a_button_sends_the_player_with_a_new_token_each_time() -> None:
    at = visit()
    for token in (1, 2):
        at.button[0].click().run()
        assert not at.exception
        start = at.session_state["start of player"]
        assert (start.token, start.step, start.selected, start.unit) == (token, 1, "r", 2)


@pytest.mark.parametrize(
    ("said", "place_of_it"),
    [
        ({"select": "f", "step": 9}, {"selected": "f", "step": 8}),
        ({"select": "f", "step": "9", "unit": "2"}, {"selected": "f", "step": 8, "unit": 1}),
        (
            {"see": "c", "pass": "backward", "layer": 2, "direction": 1},
            {"selected": "c", "backward": True, "layer": 1, "direction": 0},
        ),
        ({"select": "nothing", "step": 0, "unit": "x", "pass": "up", "layer": True}, {}),
    ],
)
def test_a_link_counts_from_1_and_nonsense_in_it_asks_for_nothing(
    said: dict[str, Any], place_of_it: dict[str, Any]
) -> None:
    assert where(said) == place_of_it


def test_the_payload_comes_after_its_head() -> None:
    framed = _framed({"serial": 3}, b"\x00\x01")
    size = int.from_bytes(framed[:4], "little")
    assert json.loads(framed[4 : 4 + size]) == {"serial": 3}
    assert framed[4 + size :] == b"\x00\x01"
