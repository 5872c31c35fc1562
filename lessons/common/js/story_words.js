// The words of a beat, into their places.

import { put } from "./story_parts.js";

/** All words of the beat; `answer(id)` hears which choice was made. */
export function write(part, beat, answer) {
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
  part.next.textContent = !last ? say.next : beat.lesson ? say.next_lesson : say.start;
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
