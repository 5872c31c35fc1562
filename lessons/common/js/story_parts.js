// What a story is made of: the panel of words, the stage beside it, and the row of controls below that.

/** An element with a class, a tag, and perhaps a hook for tests. */
function make(tag, name, testid) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (testid) element.dataset.testid = testid;
  if (tag === "button") element.type = "button";
  return element;
}

/** Give an element new inner HTML only where it changed, so that focus and selection stay. */
export function put(element, html) {
  if (element.shownHtml === html) return false;
  element.innerHTML = html;
  element.shownHtml = html;
  return true;
}

/** All places, empty, in `parent`. */
export function skeleton(parent) {
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
  part.more = part.panel.appendChild(make("div", "more"));
  part.more.setAttribute("aria-hidden", "true");
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
