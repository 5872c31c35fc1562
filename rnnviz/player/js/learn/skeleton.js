// What the stage is made of: where it stands and who learns, the picture, the controls, and all numbers as a table.

export function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-learn"),
    who: make("who"),
    count: make("count", "p"),
    lanes: make("lanes"),
    message: make("message", "p"),
    picture: make("picture"),
    canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")),
    bar: make("bar"),
    table: make("told"),
    live: make("told"),
  };
  parts.root.dataset.testid = "rnn-learn";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.who.append(parts.count, parts.lanes, parts.message);
  parts.picture.append(parts.canvas);
  parts.root.append(parts.who, parts.picture, parts.bar, parts.table, parts.live);
  host.append(parts.root);
  return parts;
}

/** Buttons beside those that all stages have: rewind, and fork. */
export function extraButtons(bar, words, can, act) {
  const [play] = bar.querySelectorAll("[data-act=play]");
  const rewind = button("rewind", words.rewind, ICONS.rewind, act.rewind);
  play.after(rewind);
  if (!can.includes("fork")) return;
  const said = can.includes("unfork") ? words.unfork : words.fork;
  const fork = button("fork", said, ICONS.fork, act.fork);
  fork.append(Object.assign(document.createElement("span"), { textContent: said }));
  bar.querySelector(".now").after(fork);
}

const ICONS = {
  rewind: "M3 3v12h2.5V3zM15 3v12L6 9z",
  fork: "M4 2h2v5.2c1.2 1.6 3.6 1.6 6 1.8V7l4 3-4 3v-2c-2.600-.2-4.800-.300-6-1.200V16H4z",
};

function button(name, label, path, press) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", title: label, onclick: event => { event.stopPropagation(); press(); } });
  made.innerHTML = `<svg viewBox="0 0 18 18" aria-hidden="true"><path d="${path}"/></svg>`;
  made.dataset.extra = name;
  made.setAttribute("aria-label", label);
  return made;
}

const MANY = 8; // lanes: more of them have smaller chips, and say once what all names begin with

/** What all names begin with, as far as an equals sign. */
export function alikeTo(names) {
  const [first = ""] = names;
  const begin = first.slice(0, first.indexOf("=") + 1);
  return names.length > MANY && names.every(name => name.startsWith(begin)) ? begin : "";
}

/** One chip for each lane: its line, its name, and what has become of it. */
export function createChips(host, press) {
  let built = "";
  return (lanes, chosen) => {
    const looks = JSON.stringify(lanes.map(({ id, label, hue, dash, fate }) => [id, label, hue, dash, fate]));
    if (looks !== built) {
      built = looks;
      const begin = alikeTo(lanes.map(({ label }) => label));
      const said = begin ? [Object.assign(document.createElement("b"), { textContent: begin })] : [];
      host.replaceChildren(...said, ...lanes.map(lane => chip(lane, begin, press)));
      host.classList.toggle("many", lanes.length > MANY);
    }
    for (const one of host.querySelectorAll("button"))
      one.setAttribute("aria-pressed", String(one.dataset.lane === chosen));
  };
}

function chip({ id, label, hue, dash, fate }, begin, press) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", onclick: () => press(id) });
  made.dataset.lane = id;
  made.style.setProperty("--hue", `var(--rnn-${hue})`);
  const line = `<path d="M1 6h24" stroke-dasharray="${dash.join(" ")}"/><circle cx="28" cy="6" r="4.5"/>`;
  made.innerHTML = `<svg viewBox="0 0 34 12" aria-hidden="true">${line}</svg>`;
  made.append(Object.assign(document.createElement("span"), { textContent: label.slice(begin.length).trim() }));
  if (begin) made.setAttribute("aria-label", [label, fate].filter(Boolean).join(", "));
  if (fate) made.append(Object.assign(document.createElement("em"), { textContent: fate }));
  return made;
}
