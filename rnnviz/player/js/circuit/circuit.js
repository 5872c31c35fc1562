// The circuit of one unit of a cell at one step: the same drawing in both passes, the values on its wires forwards, the
// derivatives of the loss by them backwards. Where things are, and what each wire carries, is in one file per cell:
//   lay(plan) -> {height, pieces}     where everything stands, for a host that is plan.W px wide at 16 px a letter; a
//                                     piece whose place is not shown is false, so that what comes next comes in its
//                                     own place; plan.piece are the pieces (parts.js), mirrored for the reverse
//                                     direction
//   height(shown)                     how high that is
//   forward(s), backward(s) -> flow   {wire: number} of the moment s; a wire that is not in it has no number
//   loads(s)     {leg: load} of what rides along a wire while a step is taken, where it is not its number (riders.js)
//   factors(s)   {leg: load} of what a gradient is multiplied with where its leg begins
//   sum          the leg that begins at the sum of the path
//   s = {model, level, view, t, j, before, after, first, last, backward, shut, selected, flow, legs, loads, factors,
//   sum,
//        written(wire), stepName(t)}
// shut: in the backward pass, where nothing goes on to the step before because it was cut there.
// When what travels is in core/legs.js; how a piece shows it, in its `travel(s, u)`.

import { place } from "../core/names.js";
import { number } from "../core/numbers.js";
import { legsOf } from "../core/phases.js";
import { ALL } from "../core/shown.js";
import { valueAt } from "../core/values.js";
import { elmanCircuit } from "./elman.js";
import { gruCircuit } from "./gru.js";
import { lstmCircuit } from "./lstm.js";
import { mirrored, piece } from "./parts.js";
import { NARROW, setAttribute, svgNode, unset } from "./svg.js";

const CIRCUITS = { elman: elmanCircuit, gru: gruCircuit, lstm: lstmCircuit };
const LETTER = 16, LEAST_WIDTH = 320, STORY_WIDTH = 560, MOST_SCALE = 1.6;
const shownIn = view => view.shown || ALL;
// one stop of the Tab key for each place; the wires and bands of the same place can be clicked too
const STOPS = ":is(.valve, .node, .curve, .port)[data-ref]";

export function circuitPanel(host, model, act) {
  const drawing = svgNode("svg", { class: "circuit", role: "group" }, host);
  let made = "", updates = [], movers = [], moved = null, stops = [], places = [], s = null, lit = null, W = 0,
    parts = null,
    drawn = { cell: "", pieces: [] };

  // measured when the host's size changes, not at each step: asking for it lays the page out
  const measure = () => {
    const wide = Math.floor((host.clientWidth * LETTER) / parseFloat(getComputedStyle(host).fontSize));
    if (!(wide > 0)) return 0;
    const fills = host.closest(".rnn-player.story") && wide >= STORY_WIDTH && host.clientHeight;
    if (!fills || !s) return Math.max(LEAST_WIDTH, wide);
    // as large as the room allows, in a layout for wide screens
    const scale = Math.min(host.clientHeight / CIRCUITS[s.model.cell].height(shownIn(s.view)), wide / STORY_WIDTH,
      MOST_SCALE);
    return Math.round(host.clientWidth / scale);
  };
  new ResizeObserver(() => {
    const wide = measure();
    if (s && wide > 0 && wide !== W) { W = wide; update(s.model, s.view); }
  }).observe(host);

  function plan(model, view) {
    const level = model.level(view.layer, view.direction), longest = model.token(0) === null || view.layer > 0 ? 0
      : Math.max(...Array.from({ length: model.T }, (_, t) => [...model.token(t)].length));
    const shown = shownIn(view);
    return { W, narrow: W < NARROW, shown, parts: shown.key, H: model.H, inputs: level.inputs, token: longest,
      top: view.layer === model.L - 1, resetAfter: model.resetAfter, reverse: view.direction === 1 };
  }

  function build(cell, plan) {
    const focused = host.getRootNode().activeElement, ref = focused && drawing.contains(focused)
      ? focused.dataset.ref : null;
    const { height, pieces } = CIRCUITS[cell].lay({ ...plan, piece: plan.reverse ? mirrored(plan.W) : piece });
    drawing.replaceChildren();
    Object.assign(drawing, { overlay: svgNode("g", { class: "riders" }), wide: plan.W });
    setAttribute(drawing, "viewBox", `0 0 ${plan.W} ${height}`);
    const last = drawn.cell === cell && drawn.pieces.length === pieces.length ? drawn.pieces : pieces;
    updates = pieces.flatMap((piece, k) => (piece ? [put(piece, !last[k])] : []));
    drawn = { cell, pieces };
    drawing.append(...drawing.querySelectorAll(".wire > text"), drawing.overlay);  // numbers above all that is drawn
    movers = updates.filter(update => update.travel);
    places = [...drawing.querySelectorAll("[data-ref]")];
    stops = [...drawing.querySelectorAll(STOPS)];
    for (const stop of stops) for (const [name, value] of Object.entries({ tabindex: 0, role: "button" }))
      stop.setAttribute(name, value);
    if (ref) stops.find(stop => stop.dataset.ref === ref)?.focus();
    fade();
  }

  // a piece in the drawing; what was not there before appears
  function put(piece, fresh) {
    const before = drawing.childElementCount, update = piece(drawing);
    const added = [...drawing.children].slice(before);
    if (fresh) for (const node of [...added, ...added.flatMap(g => [...g.querySelectorAll(":scope > .number")])])
      node.classList.add("appears");
    return update;
  }

  // where a ref of the drawing leads: what act.select takes; null where there is nothing
  function target(ref, entry) {
    const { model, view, level, t, j, before, after } = s, [state, where] = ref.split("_");
    if (where === "prev") return before < 0 ? null : [state, { t: before, unit: entry ?? j }];
    if (where === "next") return after < 0 || after >= model.T ? null : [state, { t: after, unit: j }];
    if (ref === "up" && level.layer < model.L - 1) return ["h", { layer: level.layer + 1, unit: j }];
    if (ref === "up") return model.y ? ["y", { unit: view.selected === "y" ? view.unit : 0 }] : null;
    if (ref === "x") return ["x", { unit: entry ?? (view.selected === "x" ? view.unit : strongestInput(level, t)) }];
    return [ref, { unit: j }];
  }

  function strongestInput(level, t) {
    let strongest = 0;
    for (let k = 1; k < level.inputs; k++) if (Math.abs(level.x(t, k)) > Math.abs(level.x(t, strongest))) strongest = k;
    return strongest;
  }

  // name and value, as it is read aloud
  function spoken(ref) {
    const leads = target(ref), of = name => (s.backward ? `gradient at the ${name}` : name);
    const state = ref.split("_")[0], name = ref === "up" ? s.level.layer < s.model.L - 1 ? "next layer" : "output"
      : place(s.model, state).name;
    if (!leads) return ref.endsWith("_prev") ? `${name} before the first step` : ref.endsWith("_next")
      ? `no later ${name}` : name;
    const [selected, { t = s.t, unit, layer = s.level.layer }] = leads,
      level = s.model.level(layer, s.view.direction);
    const when = { prev: ", step before", next: ", step after" }[ref.split("_")[1]] || "";
    const value = valueAt(s.model, level, selected, t, unit, s.backward);
    return `${of(name)}${when}, ${number(value)}`;
  }

  function choose(event) {
    const element = event.target.closest("[data-ref]");
    const leads = element && target(element.dataset.ref, event.target.closest(".cell")?.entry);
    if (leads) act.select(...leads);
    return element;
  }
  drawing.onclick = choose;
  drawing.onkeydown = event => {
    if ((event.key !== "Enter" && event.key !== " ") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!choose(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // the value in full, on demand
  const hint = svgNode("title", {});
  drawing.onpointerover = event => {
    let element = event.target;
    while (element !== drawing && element.full === undefined) element = element.parentNode;
    hint.textContent = element.full || "";
    if (element.full) element.append(hint); else hint.remove();
  };

  function fade() {
    const found = lit !== null && places.some(element => element.dataset.ref === lit);
    host.classList.toggle("lit", found);
    for (const element of places) element.classList.toggle("on", found && element.dataset.ref === lit);
  }

  function moment(model, view) {
    const level = model.level(view.layer, view.direction), t = view.t, before = level.before(t),
      after = level.after(t);
    // a selected input or output leaves the unit that was looked at before
    const j = Math.min(model.H - 1, s && (view.selected === "x" || view.selected === "y") ? s.j : view.unit);
    const moment = { model, level, view, t, j, before, after, first: before < 0, last: after < 0 || after >= model.T,
      backward: view.backward, shut: view.backward && level.cutBefore(t), selected: view.selected };
    moment.flow = CIRCUITS[model.cell][view.backward ? "backward" : "forward"](moment);
    Object.assign(moment, { legs: legsOf(model, { ...view, shown: shownIn(view) }), sum: CIRCUITS[model.cell].sum });
    moment.loads = CIRCUITS[model.cell].loads(moment);
    moment.factors = moment.backward ? CIRCUITS[model.cell].factors(moment) : null;
    moment.written = wire => (moment.flow[wire] === undefined ? "" : number(moment.flow[wire]));
    moment.stepName = t => String(t >= 0 ? model.stepName(t) : level.direction ? 0 : model.stepName(-1));
    return moment;
  }

  function update(model, view) {
    s = moment(model, view);
    if (!W || parts !== shownIn(view).key) { parts = shownIn(view).key; W = measure(); }
    if (!W) return; // no size yet
    const wanted = plan(model, view), key = JSON.stringify([model.cell, wanted]);
    hint.remove();
    if (key !== made) { made = key; build(model.cell, wanted); }
    for (const write of updates) write(s);
    for (const one of movers) one.travel(s, moved);
    for (const stop of stops) {
      const ref = stop.dataset.ref;
      setAttribute(stop, "aria-label", spoken(ref));
      setAttribute(stop, "aria-disabled", target(ref) === null || Boolean(view.locked));
      setAttribute(stop, "aria-pressed", ref === s.selected);
      const held = ref === s.selected && !s.backward && model.holds !== null && !view.locked;
      if (held) setAttribute(stop, "data-handle", ""); else unset(stop, "data-handle"); // what a page leads the hand to
      // it is no longer drawn: the focus stays in the player
      if (stop.getAttribute("display") === "none" && stop.matches(":focus"))
        stop.closest(".rnn-player")?.focus({ preventScroll: true });
    }
    const whole = model.spec.title;
    setAttribute(drawing, "aria-label",
      `Inside the ${whole} cell: step ${model.stepName(s.t)}, unit ${model.unitName(s.j)}`);
  }

  function clear() {
    drawing.replaceChildren();
    for (const name of ["viewBox", "aria-label"]) drawing.removeAttribute(name);
    [made, updates, movers, stops, places] = ["", [], [], [], []];
    W = 0;
  }

  // while a step is taken: everything stands where it is at that share of the step; at rest, all has arrived
  function travel(u) {
    moved = u;
    setAttribute(host, "data-share", u === null ? "" : u.toFixed(4));
    for (const { travel } of movers) travel(s, u);
  }
  const progress = moving => { if (s) travel(moving && moving.t === s.t ? moving.u : null); };

  return { update, clear, progress, light(ref) { lit = ref; fade(); } };
}
