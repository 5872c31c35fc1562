// All charts, diagrams and texts of a page, in one element. What changes is changed in place; the rest is left alone.
//
// What comes, as charts.py makes it: {parts, serial, heard, follow, words}. A part is its kind, a space, and what it
// shows: "html", HTML; "chart-<id>", JSON of {id, spec, title, description, pick, datasets}. Or it is {row, widths}.

import { chartIn } from "./charts_chart.js";
import { put } from "./charts_html.js";
import { afterFrame, said } from "./drawn.js";
import { listen } from "./events.js";
import { pointing } from "./charts_pointing.js";

const hosts = new WeakMap();
const specs = new Map();

/** Streamlit's call, or a story's. */
export default function charts({ data, parentElement, setTriggerValue, setStateValue }) {
  let host = hosts.get(parentElement);
  if (!host) hosts.set(parentElement, host = create(parentElement));
  host.send = message => setTriggerValue("event", message);
  host.want = ids => setStateValue?.("wanted", ids);
  host.receive(data);
  return () => { host.stop(); hosts.delete(parentElement); };
}

function create(parent) {
  const root = document.createElement("div");
  root.className = "rnn-charts";
  root.dataset.testid = "charts";
  parent.append(root);
  const host = { send(_message) {}, tell, want(_ids) {}, receive, stop, words: {} };
  const mount = Math.random().toString(36).slice(2);
  let unheard = [], told = 0;
  let within = false; // on a stage, which does not scroll
  let single = false; // one part is all there is
  const over = () => (within ? root.offsetHeight - parent.clientHeight : 0);
  const alone = () => within && single;
  const given = { tell, over, alone, words: host.words, specOf: one => specOf(one, id => host.want([id])) };
  const page = group(root, given);
  listen(root, tell);
  const settle = pointing(root, which => page.lit(which));
  const leave = followSteps(step => {
    root.style.setProperty("--step", String(step + 1));
    page.follow(step);
  });
  return host;

  // Of several messages that wait for a run Streamlit keeps the last: each says all that is not known to be heard.
  function tell({ target, value }) {
    unheard.push({ serial: ++told, target, value });
    host.send({ target, value, mount, events: unheard });
  }

  function receive({ parts, serial, heard, words, follow = true, within: inside = false }) {
    within = inside;
    single = parts.length === 1;
    if (heard?.mount === mount) unheard = unheard.filter(event => event.serial > heard.serial);
    host.follow = follow;
    Object.assign(given.words, words);
    const drawn = page.show(parts);
    settle();
    if (serial) Promise.all(drawn).then(() => afterFrame(() => said(serial)));
  }

  function stop() {
    leave();
    page.stop();
    root.remove();
  }

  // Steps are followed once a frame.
  function followSteps(act) {
    let frame = 0, step = 0;
    const hear = event => {
      if (!host.follow) return;
      step = event.detail.step;
      frame ||= requestAnimationFrame(() => { frame = 0; act(step); });
    };
    addEventListener("rnn-step", hear);
    return () => { removeEventListener("rnn-step", hear); cancelAnimationFrame(frame); };
  }
}

/** A chart's spec: it came with the data, or is a file; where that cannot be had, Python is asked to send it. */
function specOf({ id, spec }, ask) {
  if (typeof spec === "object" && spec) specs.set(id, spec);
  if (!specs.has(id)) {
    specs.set(id, fetch(new URL(spec, import.meta.url), { cache: "force-cache" })
      .then(answer => (answer.ok ? answer.json() : Promise.reject(new Error(`${spec}: ${answer.status}`))))
      .catch(() => { specs.delete(id); ask(id); return null; }));
  }
  return specs.get(id);
}

const kindOf = part => (part.row ? `row${part.row.length}` : part.slice(0, part.indexOf(" ")));
const shownIn = part => part.slice(part.indexOf(" ") + 1);

/** Parts below each other or side by side; a part stays in the element of its kind that showed it before. */
function group(root, host) {
  let places = []; // {kind, part, element, show, follow, stop}
  return {
    show(parts) {
      const free = [...places], drawn = [];
      places = parts.map((part, i) => {
        const kind = kindOf(part);
        const at = free.findIndex(one => one.kind === kind);
        const place = at < 0 ? { kind, part: null, ...create(kind) } : free.splice(at, 1)[0];
        if (root.children[i] !== place.element) root.insertBefore(place.element, root.children[i] ?? null);
        return Object.assign(place, { fresh: place.part !== part, part });
      });
      for (const place of free) place.stop();
      for (const place of places) if (place.fresh) drawn.push(place.show(place.part));
      return drawn.flat(Infinity);
    },
    follow(step) { for (const place of places) place.follow?.(step); },
    lit(which) { for (const place of places) place.lit?.(which); },
    stop() { for (const place of places) place.stop(); },
  };

  function create(kind) {
    const element = document.createElement("div");
    if (kind === "html") {
      element.className = "text";
      return { element, show: part => { put(element, shownIn(part)); return []; }, stop: () => element.remove() };
    }
    if (kind.startsWith("chart-")) {
      const chart = chartIn(element, host);
      const show = part => chart.put(JSON.parse(shownIn(part)));
      return { element, show, follow: chart.follow, lit: chart.lit, stop: chart.stop };
    }
    element.className = "row";
    const inner = group(element, host);
    const show = ({ row, widths }) => {
      element.style.setProperty("--widths", widths.map(width => `minmax(0, ${width}fr)`).join(" "));
      return inner.show(row);
    };
    return { element, show, follow: inner.follow, lit: inner.lit, stop: () => { inner.stop(); element.remove(); } };
  }
}
