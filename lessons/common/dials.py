"""All the controls of a page in one element, which sends while it is dragged.

    values = dials.current(model.controls)            # before they are shown: a question above them, say
    values = dials.mount(model.controls, words)       # shows them; words: the lesson's, or {id: label} in a test
    dials.put(rho=1.2)                                # from a callback: a preset, a click in a picture

Where the values are kept: the session has them from the first run of a page on, where the address is read. The browser
sends one message at a time, `{control: value, "": {serial, epoch}}`; `serial` counts the messages, and whatever draws
last on the page says which one it has drawn:

    window.dispatchEvent(new CustomEvent("rnn-drawn", { detail: serial }))        // serial: dials.serial()

so that the next message, with the newest values, leaves when the last one is on the screen (js/dials_pump.js). `epoch`
counts the times that Python has set the values itself; what the browser sent before it heard of that is void.

The address: the browser writes it, once nothing moves any more, with what is not the default. Streamlit's own idea of
the address, which Python would write when it writes anything there, is kept up here without a message. On coming back
to a page, by the menu, it stands as it was left; a link that names values sets them.

Why holding a key on a slider broke the pages before, and does not now. A Streamlit slider asks for one rerun with each
press, 30 a second, whether or not the last has been answered.
(1) With each request the browser says which large messages (10 kB and more) it has kept; the server then sends a mere
reference to those. But each run that ends ages what is kept, and what is too old is dropped. Where requests overtake
answers, what was there when the request left is gone when the reference arrives: "Cached ForwardMsg MISS", and the page
is dead. Remedy: what components are sent is never repeated, so never replaced by a reference (assets.py).
(2) Where runs of a fragment follow each other so closely that a busy browser gets the messages of several at once, the
end of one takes away what bears the number of another, although each came complete; Streamlit guards against that for
whole pages, but not for fragments. The player is mounted anew before it has a width, its step is lost. Remedy: the next
message leaves when the answer to the last has been drawn *and* the browser has heard that its run has ended
(js/dials_quiet.js), and of those who speak, only one does so at a time.

Tests, which have no browser, set values as the browser would:

    at.session_state["dials"] = {"values": {"rho": 1.2, "day": "1984-04-10", "span": [3, 5]}}

before `at.run()`; a new dict there is heard once, like a message. What the address would say is in `at.query_params`.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lessons.common import assets
from lessons.common.controls import (
    Choice,
    Control,
    ControlsOf,
    Steps,
    Values,
    every_id,
    from_address,
    settle,
    shown,
    to_address,
)
from lessons.common.sections import SECTIONS

__all__ = ["current", "described", "every_id", "keep", "live", "mount", "note_address", "put", "reset", "serial"]

KEY = "dials"
WORDS = {"settings": "Settings", "default": "Double-click: back to {}", "computing": "Computing"}
T = TypeVar("T")

_mount = assets.component("rnn_dials", "dials.js", css="dials.css")


@dataclass
class Held:
    """What the session holds for the controls of one page.

    wanted   {control: value} as last set, also of controls that are not there at the moment
    epoch    counts the times that Python set them
    serial   of the last message of the browser
    heard    that message
    known    what the address says of them, as far as is known
    """

    wanted: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    serial: int = 0
    heard: Any = None
    known: dict[str, Any] | None = None


def current(controls_of: ControlsOf, key: str = KEY) -> Values:
    """The values now: from the session, at first from the address."""
    return _settled(controls_of, key)[1]


def mount(
    controls_of: ControlsOf,
    words: Any = None,
    *,
    key: str = KEY,
    notes: Mapping[str, str] | None = None,
) -> Values:
    """Show the controls; give their values.

    words   a lesson's words, or {id: label} or {id: {"label", "choices", "help", "unit"}}
    notes   {id: what stands beside the label}, such as what was read of a text
    """
    controls, values = _settled(controls_of, key)
    held = _held(key)

    def hear() -> None:
        _listen(controls_of, key)

    data = {
        "dials": described(controls, values, words, notes),
        "epoch": held.epoch,
        "serial": held.serial,
        "names": sorted(every_id(controls_of)),
        "words": {name: _common(words, name) for name in WORDS},
    }
    _mount(key=key, data=data, on_values_change=hear)
    return values


def put(key: str = KEY, /, **values: Any) -> None:
    """Set controls, from a callback or before they are shown; wins over a drag that is under way."""
    held = _held(key)
    held.wanted |= values
    held.epoch += 1
    held.known = _asked()


def reset(key: str = KEY) -> None:
    """Back to the defaults, all of them."""
    held = _held(key)
    held.wanted.clear()
    put(key)


def keep(name: str, text: str, key: str = KEY) -> None:
    """Of this control's value, so much stands in the address: what there is of it at the moment, with other settings.

    The value itself stays, and counts again where the settings are those of before; the browser hears of it as
    `rnn-kept`.
    """
    note_address((name,), {name: text} if text else {})
    _held(key).known = _asked()


def serial(key: str = KEY) -> int:
    """The number of the browser's last message; whoever draws its answer says so by this number."""
    return _held(key).serial


def live(lab: Callable[..., T], *args: Any) -> T:
    """Run `lab(*args)` so that a control in it sends only this part of the page again.

    Open sections show what the lab returns, so with one of them open the whole page runs again. The lab is a fragment
    in both cases: were it not, its player would be a new one, and stand at the beginning.
    """
    again = False

    @st.fragment
    def part() -> T:
        nonlocal again
        if again and any(st.session_state.get(section) for section in SECTIONS):
            st.rerun()
        again = True
        return lab(*args)

    return part()


def described(
    controls: Iterable[Control],
    values: Mapping[str, Any],
    words: Any = None,
    notes: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The controls as the browser gets them (js/dials_board.js), without those where there is nothing to choose."""
    return [_described(c, values, words, (notes or {}).get(c.id, "")) for c in controls if shown(c)]


def _described(control: Control, values: Mapping[str, Any], words: Any, note: str) -> dict[str, Any]:
    named = _words_of(control.id, values, words)
    dial = {name: _plain(value) for name, value in asdict(control).items() if name not in ("was", "was_id", "reach")}
    dial |= {"kind": type(control).__name__.lower(), "value": _plain(values[control.id]), "note": note}
    dial |= {"default": _plain(control.read(None)), "label": named.get("label", control.id)}
    dial |= {name: named[name] for name in ("help", "unit") if name in named}
    if control.group:
        dial["group_label"] = _words_of(control.group, values, words).get("label", "")
    if isinstance(control, Choice | Steps):
        choices = named.get("choices") or {}
        options = control.options if isinstance(control, Choice) else control.values
        dial["names"] = [choices.get(option, choices.get(str(option), _said(option))) for option in options]
    return dial


def _words_of(name: str, values: Mapping[str, Any], words: Any) -> dict[str, Any]:
    """The words of a control, with the values where a template asks for them."""
    all_words = words if isinstance(words, Mapping) else getattr(words, "controls", None) or {}
    found = all_words.get(name, {})
    if "{" in str(found) and hasattr(words, "labels"):
        found = words.labels(f"controls.{name}", values)
    return dict(found) if isinstance(found, Mapping) else {"label": found}


def _common(words: Any, name: str) -> str:
    """One of the few words of our own; the language file of all lessons has them under `dials`."""
    with suppress(Exception):
        return str(words.label(f"dials.{name}", {"value": "{}"}))
    return WORDS[name]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _said(option: Any) -> str:
    return f"{option:g}".replace("-", "−") if isinstance(option, int | float) else str(option)


# What the session holds


def _held(key: str) -> Held:
    """Of this page; the same for a page that is left and visited again."""
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    held: Held = st.session_state.setdefault(f"{key} held {page}", Held())
    return held


def _settled(controls_of: ControlsOf, key: str) -> tuple[tuple[Control, ...], Values]:
    held = _held(key)
    _enter(controls_of, key, held)
    _listen(controls_of, key)
    controls, values = settle(controls_of, held.wanted)
    note_address(every_id(controls_of), to_address(controls, values))
    held.known = _asked()
    return controls, values


def _enter(controls_of: ControlsOf, key: str, held: Held) -> None:
    """Take over what the address asks for, where the page is opened, or comes back with another address."""
    asked = _asked()
    at_first = held.known is None
    arrives = key not in st.session_state and asked != held.known
    if at_first or (arrives and any(name in asked for name in every_id(controls_of))):
        held.wanted = from_address(controls_of, asked)
        held.epoch += not at_first
    held.known = asked


def _asked() -> dict[str, Any]:
    """What the address says: a text, or a list of texts where a name stands there more than once."""
    params = st.query_params
    return {name: params.get_all(name) for name in params.to_dict()}


def _listen(controls_of: ControlsOf, key: str) -> None:
    """Take over the browser's last message, once."""
    state = st.session_state.get(key) or {}
    said, held = state.get("values"), _held(key)
    if not isinstance(said, Mapping) or said == held.heard:
        return
    about = said.get("")
    about = about if isinstance(about, Mapping) else {"epoch": held.epoch, "serial": held.serial}
    # a session that begins anew, after the connection was lost, hears the browser out whatever it has set itself
    fresh = held.heard is None and held.epoch == 0
    held.heard = dict(said)
    held.serial = about.get("serial", 0)
    if fresh:
        held.epoch = about.get("epoch", 0)
    if about.get("epoch") != held.epoch:
        return
    held.wanted |= {name: value for name, value in said.items() if name}
    if isinstance(about.get("address"), Mapping):  # the reader went back to an older address of this page
        held.wanted = from_address(controls_of, about["address"])
        held.epoch += 1


def note_address(ours: Iterable[str], written: Mapping[str, str]) -> None:
    """Let Streamlit know what the browser writes into the address: no message, and nothing is written here.

    ours     the parameters that are ours; those that are not in `written` are not in the address

    What Python writes there it writes as a whole: without this, an old value of ours would come back.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    with suppress(AttributeError), context.session_state.query_params() as params:
        said = params._query_params
        for name in set(ours) - written.keys():
            said.pop(name, None)
        said.update(written)
        context.query_string = urlencode(said, doseq=True)
