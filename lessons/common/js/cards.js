// The lessons as cards: `{html, finished}`. A click tells the lesson's slug; one for another tab is the browser's.

import { put } from "./charts_html.js";
import { enlargeByKey } from "./enlarge.js";
import { finished } from "./finished.js";

/** @type {WeakMap<Node, {place: HTMLElement, tell: (slug: string) => void, leave: () => void}>} */
const kept = new WeakMap();

export default function cards({ data, parentElement, setTriggerValue }) {
  let one = kept.get(parentElement);
  if (!one) {
    one = { place: document.createElement("div"), tell: () => {}, leave: enlargeByKey() };
    one.place.className = "rnn";
    one.place.addEventListener("click", event => open(event, one));
    parentElement.append(one.place);
    kept.set(parentElement, one);
  }
  one.tell = slug => setTriggerValue("lesson", slug);
  put(one.place, data.html);
  const done = new Set([...data.finished, ...finished()]);
  for (const card of one.place.querySelectorAll("[data-lesson]")) {
    const read = done.has(card.getAttribute("data-lesson"));
    card.classList.toggle("finished", read);
    card.querySelector(".done").toggleAttribute("hidden", !read);
  }
  return () => {
    one.leave();
    one.place.remove();
    kept.delete(parentElement);
  };
}

function open(event, one) {
  const card = event.target.closest("[data-lesson]");
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  one.tell(card.dataset.lesson);
}
