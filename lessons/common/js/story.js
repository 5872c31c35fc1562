// A story: the beat's words beside a stage that stays in view, and one row of what leads on.
//
// Python sends one beat at a time (story.py says its form) and hears `{target, value}`: "beat" (an id), "answer"
// ({question, choice}), "explore", "lesson" (a slug), "start" (the first page), "stage" (from
// a link), and whatever the stage itself tells.

import { conversation } from "./conversation.js";
import { finish } from "./finished.js";
import { stageIn } from "./stages.js";
import { controlsIn } from "./story_controls.js";
import { toHandle } from "./story_handles.js";
import { answerFor, keysOf } from "./story_keys.js";
import { skeleton } from "./story_parts.js";
import { roomFor } from "./story_room.js";
import { write } from "./story_words.js";

const kept = new WeakMap();
const LONGEST = 15000; // milliseconds: what is played is over by then

/** The component's entry: called again with each new beat. */
export default function story({ data, parentElement, setStateValue }) {
  let one = kept.get(parentElement);
  if (!one) kept.set(parentElement, (one = create(parentElement)));
  one.talk.through(said => setStateValue("said", said));
  one.receive(data);
  return () => {
    one.leave();
    kept.delete(parentElement);
  };
}

function create(parent) {
  const part = skeleton(parent), room = roomFor(part);
  const talk = conversation(() => part.root.isConnected);
  const tell = () => {
    if (!part.task.classList.contains("playing")) return;
    part.task.classList.remove("playing");
    room.told();
  };
  const told = (target, value) => {
    if (target === "played" || target === "shown") tell();
    if (target === "holds") controls.follow();
    // where the reader rests on the stage changes no word; and who is on the way to another page is not called back
    if (target !== "shown" && !leaving) talk.say(target, value);
  };
  const stage = stageIn(part.stage, told);
  const controls = controlsIn(part.controls, talk);
  let beat = null, asked = null, playing = 0, leaving = false; // asked: the beat that is on its way

  // hasty: one of several clicks in quick succession, which do not mean the next lesson; nor does one that comes before
  // the last beat is on the screen
  const go = (by, hasty = false) => {
    const to = beat.beats[beat.beats.indexOf(asked ?? beat.id) + by];
    if (to) talk.say("beat", (asked = to));
    else if (by > 0 && !hasty && !asked) {
      leaving = true;
      talk.say(beat.lesson ? "lesson" : "start", beat.lesson);
    }
  };
  // an answer is played before it is told
  const withhold = () => {
    part.task.classList.add("playing");
    clearTimeout(playing);
    playing = setTimeout(tell, LONGEST);
  };
  const answer = choice => {
    if (!beat.question || beat.question.told) return;
    talk.say("answer", { question: beat.question.id, choice });
  };
  const enlarge = () => {
    part.root.classList.toggle("projector");
    part.large.setAttribute("aria-pressed", part.root.classList.contains("projector"));
    stage.resize();
  };
  part.back.onclick = () => go(-1);
  part.next.onclick = event => go(1, event.detail > 1);
  part.large.onclick = enlarge;
  part.explore.onclick = () => talk.say("explore", null);
  part.panel.addEventListener("click", event => {
    const place = event.composedPath().find(one => one.dataset?.target);
    if (!place) return;
    event.preventDefault();
    const value = valueOf(place.dataset.value);
    if (place.dataset.target === "beat") asked = value;
    talk.say(place.dataset.target, value);
  });
  const explain = () => {
    part.help.hidden = !part.help.hidden;
    part.ask.setAttribute("aria-expanded", !part.help.hidden);
  };
  part.ask.onclick = explain;
  const keys = keysOf({ root: part.root, stage: part.stage, enlarge, explain,
    next: () => { if (!beat.last) go(1); }, back: () => go(-1),
    reveal: () => answer(null), play: () => stage.play(),
    drag: () => toHandle(part), leave: () => part.heading.focus({ preventScroll: true }),
    answer: number => {
      const choice = answerFor(beat, number);
      if (choice !== undefined) answer(choice);
      return choice !== undefined;
    } });

  return {
    talk,
    receive(data) {
      const turned = !beat || beat.id !== data.id, first = !beat;
      const answered = !turned && data.question?.told && !beat.question?.told;
      beat = data;
      if (turned) {
        leaving = false;
        part.task.classList.remove("playing");
      }
      if (beat.id === asked || !talk.busy()) asked = null;
      if (answered && data.plays) withhold();
      write(part, beat, answer);
      if (answered && !data.plays) room.told();
      stage.receive(beat.stage, turned);
      controls.receive(beat.controls, beat.epoch, beat.words);
      if (turned) arrive(part, first);
      if (beat.last) finish(beat.slug);
      talk.heard(beat.heard);
    },
    leave() {
      keys.stop();
      stage.stop();
      talk.stop();
      room.stop();
      clearTimeout(playing);
      part.root.remove();
    },
  };
}

/** What `data-value` says: JSON where it is some, else the text itself. */
function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text ?? null;
  }
}

/** The new words rise, and a reader who uses the keyboard hears the heading. */
function arrive(part, first) {
  part.words.scrollTop = 0;
  if (!first && part.root.contains(part.root.getRootNode().activeElement)) part.heading.focus({ preventScroll: true });
  if (first || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const rise = [{ opacity: 0, transform: "translateY(10px)" }, { opacity: 1, transform: "none" }];
  for (const one of [part.heading, part.body, part.task]) one.animate(rise, { duration: 420, easing: "ease-out" });
}
