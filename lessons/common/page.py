"""A lesson's page: what its file `page.py` puts where, with the model's numbers and the words of `en.md`.

    page = Page.open("hidden_state", model)
    page.tell(scene)                        # the story, where there is one and the address asks for nothing else
    page.explore(lab, below)                # else all controls, all pictures, questions, the program

A lesson's `model` has

    controls(values) -> tuple[Control, ...]     which controls there are, given the values so far
    facts_for(section, values)                  what a section of the language file speaks of, for the checks of words
    PRESETS                                     {id: {control: value}}; `step`, `unit`, `pass`, ... move the player, too
    pick(target, value, values) -> dict         what a click in a picture or a text sets, likewise
    OPENING                                     optional: what a first visit opens with, where that is not the defaults
    notice(target, value, values) -> str        optional: what is told of a click, a name below `notices` of the
                                                language file; "" for nothing
    notes(values) -> {control: (name, facts)}   optional: what stands beside controls (`lessons.common.notes`)

Clicks of all kinds come to `Page.hear` as `{target, value}`: "answer" (a question), "preset" and "stage" (a link; of a
preset where it says `stage:?preset=id`) are the same in every lesson; "step", "shown" and "played", which a stage tells
of itself, are only in what `Page.stage` gives; all others are the lesson's own and go to its `pick`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st
from markupsafe import Markup
from numpy.typing import ArrayLike

import rnnviz as rv
from lessons import catalog
from lessons.common import charts, dials, player, questions, stages, story, text
from lessons.common.language import language
from lessons.common.look import STYLE
from lessons.common.notes import notes
from lessons.common.player import Shown
from lessons.common.program import program
from lessons.common.sections import section
from lessons.common.shared import common, shared
from lessons.common.text import Words
from lessons.common.verify import Verdict, verdict

LESSONS = Path(__file__).parents[1]
PLACE = ("step", "unit", "pass", "see", "layer", "direction")  # where the player stands, in an address
OF_ITSELF = ("step", "shown", "played", "wanted")  # what a stage tells, and no lesson has to act on
Lab = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Page:
    """One lesson's page: its slug, its words in the reader's language, its model."""

    slug: str
    words: Words
    model: ModuleType

    @classmethod
    def open(cls, slug: str, model: ModuleType) -> "Page":
        """Begin the page: its looks, and its words in the language that the address asks for."""
        st.html(STYLE)
        story.arrive(slug)
        return cls(slug, text.load(LESSONS / slug, language(LESSONS / slug)), model)

    @property
    def in_story(self) -> bool:
        """Whether the reader is in the story: the default, unless the address asks to explore, or shows settings."""
        asked = st.query_params.to_dict()
        if not self.words.beats or asked.get("mode") == "explore":
            return False
        return "beat" in asked or not self._asks_for_settings

    def tell(self, scene: story.Scenes) -> None:
        """The story: a beat's words, and beside them the stage that `scene` sets; nothing where one explores."""
        if self.in_story:
            story.tell(self.slug, self.words, self.model, scene, catalog.after(self.slug))

    def explore(self, lab: Lab, below: Callable[[Any], None]) -> None:
        """All controls and pictures, drawn by `lab(values)` at each move, and `below` it what `lab` gave."""
        if self.in_story:
            return
        self._head()
        self._open()
        found = dials.live(self._lab, lab)
        below(found)

    def _lab(self, lab: Lab) -> Any:
        """The controls, what is to be told of the last click, and the lab with their values."""
        beside = notes(self.model, self.words, dials.current(self.model.controls))
        values = dials.mount(self.model.controls, self.words, notes=beside)
        told = st.session_state.pop(f"notice of {self.slug}", "")
        if told:
            st.toast(told)
        return lab(values)

    def _open(self) -> None:
        """At the first visit, and where the address asks for no settings, those that the model opens with, if any."""
        opened = f"opened {self.slug}"
        if hasattr(self.model, "OPENING") and opened not in st.session_state:
            if not (self._asks_for_settings or story.begun(self.slug)):  # the story sets the controls as it leaves them
                dials.put(**self.model.OPENING)
            st.session_state[opened] = True

    @property
    def _asks_for_settings(self) -> bool:
        names = (*dials.every_id(self.model.controls), *PLACE)
        return any(name in names for name in st.query_params.to_dict())

    def _head(self) -> None:
        with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
            st.title(self.words.title, anchor=False, width="content")
            st.markdown(self.words.question, width="stretch")
            if self.words.beats and st.button(common("story_again"), key="story_again"):
                st.query_params.from_dict({"beat": story.left_at(self.slug, self.words)})
                st.rerun()

    # What a lab puts on the page

    def text(self, name: str, facts: Any) -> Markup:
        """A section of the language file, with its heading, as one more part for `show`."""
        return questions.prose(self.words.section(name, facts))

    def question(self, name: str, facts: Any, *, key: str = "") -> Markup:
        """The question of a section, to be answered before seeing; once it is, what became of the answer.

        key  what sets one asking apart from another, where the settings make it another question
        """
        return questions.predict(self.words.section(name, facts), facts, answers(self.slug), key)

    def answered(self, question: str, *, key: str = "") -> str | None:
        """What the reader has predicted; None until then."""
        return answers(self.slug).get(question + key)

    def presets(self, facts: Any = None) -> Markup:
        """Settings worth seeing, as buttons."""
        labels = {name: self.words.preset(name, facts) for name in self.model.PRESETS}
        return questions.presets(common("presets"), labels)

    def show(self, *parts: Any, key: str = "charts") -> None:
        """Charts, diagrams and texts, all in one element; the reader's clicks come to `hear`."""
        charts.show(*parts, key=key, on_event=self.hear)

    def hear(self, event: Mapping[str, Any]) -> None:
        """What was clicked, before the page runs again."""
        target, value = event["target"], event["value"]
        if target in OF_ITSELF:
            return
        if target == "answer":
            questions.answer(answers(self.slug), value)
        elif target == "preset" and value in self.model.PRESETS:
            freed = {"holds": ""} if "holds" in dials.every_id(self.model.controls) else {}
            self._set(freed | self.model.PRESETS[value])
        elif target == "stage" and "preset" in value:
            self.hear({"target": "preset", "value": value["preset"]})
        elif target == "stage":
            player.send_to(self.slug, **player.place(value))
        else:
            values = dials.current(self.model.controls)
            told = self.model.notice(target, value, values) if hasattr(self.model, "notice") else ""
            if told:  # by the lab: what a callback shows would take another element's place
                st.session_state[f"notice of {self.slug}"] = self.words.label(f"notices.{told}", values)
            self._set(self.model.pick(target, value, values))

    def _set(self, asked: Mapping[str, Any]) -> None:
        """Set controls, and send the player where it is asked to stand."""
        controls = dials.every_id(self.model.controls)
        place = {name: value for name, value in asked.items() if name in PLACE and name not in controls}
        if place:
            player.send_to(self.slug, **player.place(place))
        if asked.keys() - place.keys():
            dials.put(**{name: value for name, value in asked.items() if name not in place})

    def player(self, trace: rv.Trace, grads: rv.Gradients | None = None, **how: Any) -> Shown:
        """The player, which gives where the reader stands; `how` as in `lessons.common.player.player`.

        Where the model has the control `HOLDS` (lessons.common.interventions), the reader can drag in it.
        """
        how.setdefault("holds", dials.current(self.model.controls).get("holds"))
        return player.player(trace, grads, key=self.slug, **how)

    def stage(self, stage: Mapping[str, Any], *, key: str, height: int | None = stages.HEIGHT) -> dict[str, Any]:
        """A stage of any kind (see `stages`), whose events come to `hear`; what it has told, the newest of each target.

        key     its name on this page
        height  pixels, less where the window is lower; None: as high as it makes itself
        """
        return stages.show(stage, key=f"{self.slug}_{key}", on_event=self.hear, height=height)

    # What stands below a lab

    def verify(self, network: Any, x: ArrayLike, dy: ArrayLike, *, about: Markup | None = None, **others: Any) -> None:
        """Proof on the spot, once it is opened: the backward pass against finite differences of this very network.

        about  what is to be said of it first
        others  of that network's `check_gradients`
        """
        self.prove((about or Markup(), lambda: verdict(network, x, dy, **others)))

    def prove(self, *proofs: tuple[Markup, Callable[[], Verdict]]) -> None:
        """Several proofs, each with what is to be said of it first."""
        words = shared()
        with section(words.label("verify"), "verify") as opened:
            if opened:
                said = [
                    part
                    for about, found in proofs
                    for part in (about, questions.prose(words.section("verify", found()), titled=False))
                ]
                self.show(*said, key="verified")

    def checks(self, facts: Callable[[], Any]) -> None:
        """The questions of the section "checks"; `facts` are computed when it is opened."""
        with section(common("checks"), "checks") as opened:
            if opened:
                found = facts()
                self.show(questions.checks(self.words.section("checks", found), found, answers(self.slug)), key="asked")

    def program(self, **settings: Any) -> None:
        """The same in Python: the lesson's `program.jinja` with today's settings."""
        with section(common("program"), "code") as opened:
            if opened:
                st.code(program(LESSONS / self.slug, **settings), language="python")

    def below(self, *names: str, facts: Any = None) -> None:
        """Sections of the language file that stand for themselves, such as the explanation and the sources."""
        charts.show(*(self.text(name, facts or {}) for name in names), key=f"text {names[0]}", on_event=self.hear)


def answers(slug: str) -> dict[str, str | None]:
    """What the reader has answered on this page, {question: choice}; it lives as long as the session."""
    return st.session_state.setdefault(f"answers of {slug}", {})  # type: ignore[no-any-return]
