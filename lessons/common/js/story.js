// A story: the beat's words beside a stage that stays in view, and one row of what leads on.
//
// Python sends one beat at a time (story.py says its form) and hears `{target, value}`: "beat" (an id), "answer"
// ({question, choice}), "explore", "lesson" (a slug), "stage" (from a link), and whatever the stage itself tells.

import { conversation } from "./conversation.js";
import { stageIn } from "./stages.js";
import { controlsIn } from "./story_controls.js";
import { answerFor, keysOf } from "./story_keys.js";

const kept = new WeakMap();
const LONGEST = 9000; // milliseconds: what is played is over by then
const HASTE = 800; // who presses Next again and again does not mean the next lesson

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

/** An element with a class, a tag, and perhaps a hook for tests. */
function make(tag, name, testid) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (testid) element.dataset.testid = testid;
  if (tag === "button") element.type = "button";
  return element;
}

/** Give an element new inner HTML only where it changed, so that focus and selection stay. */
function put(element, html) {
  if (element.shownHtml === html) return false;
  element.innerHTML = html;
  element.shownHtml = html;
  return true;
}

function skeleton(parent) {
  const root = make("section", "rnn-story", "rnn-story");
  root.tabIndex = -1;
  const part = {
    root,
    panel: root.appendChild(make("div", "panel")),
    beside: root.appendChild(make("div", "beside")),
  };
  part.top = part.panel.appendChild(make("div", "top"));
  part.kicker = part.top.appendChild(make("p", "kicker"));
  part.explore = part.top.appendChild(make("button", "explore", "story-explore"));
  part.large = part.top.appendChild(make("button", "large", "story-large"));
  part.ask = part.top.appendChild(make("button", "keys", "story-keys"));
  part.ask.textContent = "?";
  part.help = part.panel.appendChild(make("p", "help"));
  part.help.hidden = true;
  part.words = part.panel.appendChild(make("div", "words"));
  part.heading = part.words.appendChild(make("h2"));
  part.heading.tabIndex = -1;
  part.body = part.words.appendChild(make("div", "body"));
  part.task = part.words.appendChild(make("div", "task"));
  part.nav = part.panel.appendChild(make("nav"));
  part.back = part.nav.appendChild(make("button", "back", "story-back"));
  part.dots = part.nav.appendChild(make("div", "dots"));
  part.next = part.nav.appendChild(make("button", "next", "story-next"));
  part.stage = part.beside.appendChild(make("div", "scene"));
  part.controls = part.beside.appendChild(make("div", "handles"));
  parent.querySelector(":scope > .rnn-story")?.remove(); // of code that was replaced while a lesson is written
  parent.append(root);
  return part;
}

function create(parent) {
  const part = skeleton(parent);
  const talk = conversation();
  const told = (target, value) => {
    if (target === "played" || target === "shown") part.task.classList.remove("playing");
    talk.say(target, value);
  };
  const stage = stageIn(part.stage, told);
  const controls = controlsIn(part.controls, talk);
  let beat = null, playing = 0, ended = 0;

  const go = by => {
    const to = beat.beats[beat.beats.indexOf(beat.id) + by];
    if (to) talk.say("beat", to);
    else if (by > 0 && beat.lesson && performance.now() - ended > HASTE) talk.say("lesson", beat.lesson);
  };
  // an answer is played before it is told
  const withhold = () => {
    part.task.classList.add("playing");
    clearTimeout(playing);
    playing = setTimeout(() => part.task.classList.remove("playing"), LONGEST);
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
  part.next.onclick = () => go(1);
  part.large.onclick = enlarge;
  part.explore.onclick = () => talk.say("explore", null);
  part.panel.addEventListener("click", event => {
    const place = event.composedPath().find(one => one.dataset?.target);
    if (!place) return;
    event.preventDefault();
    talk.say(place.dataset.target, valueOf(place.dataset.value));
  });
  const explain = () => {
    part.help.hidden = !part.help.hidden;
    part.ask.setAttribute("aria-expanded", !part.help.hidden);
  };
  part.ask.onclick = explain;
  const keys = keysOf({ root: part.root, stage: part.stage, enlarge, explain,
    next: () => { if (!beat.last) go(1); }, back: () => go(-1),
    reveal: () => answer(null), play: () => stage.play(),
    drag: () => part.beside.querySelector("input[type=range]")?.focus(),
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
      if (data.last && !beat?.last) ended = performance.now();
      beat = data;
      if (turned) part.task.classList.remove("playing");
      if (answered && data.plays) withhold();
      write(part, beat, answer);
      stage.receive(beat.stage, turned);
      controls.receive(beat.controls, beat.epoch, beat.words);
      if (turned) arrive(part, first);
      talk.heard(beat.heard);
    },
    leave() {
      keys.stop();
      stage.stop();
      talk.stop();
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

/** The words of the beat, into their places. */
function write(part, beat, answer) {
  const at = beat.beats.indexOf(beat.id), say = beat.words;
  Object.assign(part.root.dataset, { beat: beat.id, beats: beat.beats.length, number: at + 1 });
  part.root.setAttribute("aria-label", beat.title);
  part.kicker.textContent = beat.title;
  part.large.textContent = say.large;
  part.large.title = say.large_hint;
  part.ask.title = part.help.textContent = say.keys;
  put(part.heading, beat.heading);
  put(part.body, beat.body);
  writeTask(part.task, beat, answer);
  part.explore.textContent = say.explore;
  const last = at === beat.beats.length - 1;
  part.explore.classList.toggle("wide", last);
  (last ? part.words : part.top).insertBefore(part.explore, last ? null : part.large);
  part.back.textContent = say.back;
  part.back.disabled = at === 0;
  part.next.textContent = last && beat.lesson ? say.next_lesson : say.next;
  part.next.disabled = last && !beat.lesson;
  writeDots(part.dots, beat, at);
}

function writeDots(host, beat, at) {
  const dots = beat.beats.map((id, i) => {
    const state = i === at ? "here" : i < at ? "seen" : "";
    const current = i === at ? ' aria-current="step"' : "";
    const name = `${i + 1}. ${beat.headings[i]}`;
    return `<button type="button" class="${state}"${current} data-target="beat" data-value='"${id}"' ` +
      `title="${name}" aria-label="${name}"></button>`;
  });
  put(host, dots.join(""));
}

/** What there is to do in this beat: a question to predict, or something to try. */
function writeTask(host, beat, answer) {
  host.hidden = !beat.do && !beat.question;
  const question = beat.question;
  const html = question ? asking(question) : beat.do ? `<div class="do">${beat.do}</div>` : "";
  if (!put(host, html) || !question) return;
  for (const [i, button] of [...host.querySelectorAll("[data-choice]")].entries()) {
    button.disabled = question.told;
    button.onclick = event => {
      event.stopPropagation();
      answer(question.choices[i].id);
    };
  }
}

function asking(question) {
  const choices = question.choices.map(({ id, text }, i) => {
    const state = [question.given === id && "given", question.right === id && "right"].filter(Boolean).join(" ");
    const mark = question.right === id ? '<b aria-hidden="true">✓</b>' : "";
    return `<button type="button" class="${state}" data-testid="story-choice" data-choice="${id}" ` +
      `aria-pressed="${question.given === id}"><i>${i + 1}</i><span>${text}</span>${mark}</button>`;
  });
  const told = question.told
    ? `<div class="answer" data-testid="story-answer" aria-live="polite">${question.answer}</div>` : "";
  return `<div class="ask">${question.ask}</div><div class="choices">${choices.join("")}</div>${told}`;
}

/** The new words rise, and a reader who uses the keyboard hears the heading. */
function arrive(part, first) {
  part.words.scrollTop = 0;
  if (!first && part.root.contains(part.root.getRootNode().activeElement)) part.heading.focus({ preventScroll: true });
  if (first || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const rise = [{ opacity: 0, transform: "translateY(10px)" }, { opacity: 1, transform: "none" }];
  for (const one of [part.heading, part.body, part.task]) one.animate(rise, { duration: 420, easing: "ease-out" });
}
