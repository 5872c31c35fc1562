// A chart in its place: drawn when it comes into view, and what the pointer and the keys do on it.

import { lookOf, whenLookChanges } from "./charts_look.js";
import { menu } from "./charts_menu.js";
import { hover, isPlace, next, picked, pointsOf, words } from "./charts_points.js";
import { open } from "./charts_view.js";

const MARGIN = "300px"; // how near to the window a chart is drawn
const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/**
 * A place for charts of one spec. `room` is an element of its own; what `put` is given is
 * {id, spec, title, description, pick, datasets}.
 * @param {{tell: Function, specOf: Function, over(): number, alone(): boolean, words: Record<string, string>}} host
 *   over: by how many pixels all is higher than its place; alone: whether it has that to itself
 */
export function chartIn(room, host) {
  const canvas = part("div", "canvas"), said = part("p", "said"), tip = part("div", "tip");
  said.ariaLive = "polite";
  tip.ariaHidden = "true";
  tip.hidden = true;
  const me = { given: null, drawn: null, chart: null, look: "", near: false, at: null, busy: Promise.resolve() };
  room.rnnChart = me; // for tests
  const stage = part("div", "stage");
  stage.append(canvas, tip, menu(() => ({ ...me.given, view: me.chart?.view, look: me.look }), host.words));
  room.className = "rnn vega";
  room.append(stage, said);

  const near = new IntersectionObserver(seen => {
    me.near = seen.at(-1).isIntersecting;
    if (me.near) settle();
  }, { rootMargin: MARGIN });
  near.observe(room);
  const size = new ResizeObserver(() => settle());
  size.observe(canvas);
  const leaveLook = whenLookChanges(room, () => settle());
  listen();
  return { room, put, follow, lit, stop };

  function part(tag, name) {
    return Object.assign(document.createElement(tag), { className: name });
  }

  /** What is to be shown, when it is in view. */
  function put(given) {
    me.given = given;
    canvas.ariaLabel = [given.title, given.description].filter(Boolean).join(". ");
    if (!me.chart && given.height) canvas.style.minHeight = `${given.height}px`;
    return isNear() ? settle() : null;
  }

  // The observer says so a frame too late for what is drawn first.
  function isNear() {
    if (!me.near && !me.chart) {
      const { top, bottom } = room.getBoundingClientRect();
      me.near = room.isConnected && top < innerHeight + 300 && bottom > -300;
    }
    return me.near;
  }

  /** Draw what is wanted, one after the other; an error is said in this chart's place. */
  function settle() {
    me.busy = me.busy.then(draw).catch(error => {
      console.error(error);
      canvas.textContent = host.words?.failed ?? "This chart could not be drawn.";
      me.chart = null;
    });
    return me.busy;
  }

  async function draw() {
    if (!me.given || !me.near || !canvas.clientWidth) return;
    const look = lookOf(room);
    if (me.chart && look !== me.look) close();
    if (!me.chart) {
      me.look = look;
      const { id, datasets } = me.drawn = me.given, spec = await host.specOf(me.given);
      if (!spec) return;
      const drawing = part("div", "drawing"); // Vega labels what it is given in its own words
      drawing.ariaHidden = "true";
      canvas.replaceChildren(drawing);
      me.chart = await open(drawing, { id, spec, look, datasets: { ...datasets, ...me.step }, tooltip });
      ready();
    }
    await me.chart.fit(canvas.clientWidth);
    await me.chart.lower(host.over(), host.alone());
    if (!me.given || me.drawn === me.given) return; // gone, or nothing new, meanwhile
    const before = me.drawn;
    me.drawn = me.given;
    if (JSON.stringify(before.datasets.step) !== JSON.stringify(me.given.datasets.step)) me.step = {};
    if (await me.chart.put({ ...me.given.datasets, ...me.step })) again();
  }

  function close() {
    me.chart.close();
    me.chart = null;
    canvas.textContent = "";
  }

  /** What is new with a new view. */
  function ready() {
    const { view } = me.chart, some = pointsOf(view).length > 0;
    canvas.style.minHeight = "";
    canvas.tabIndex = some ? 0 : -1;
    canvas.role = some ? "application" : "img";
    canvas.ariaRoleDescription = some ? host.words?.chart ?? "chart" : null;
    view.addEventListener("click", (_, item) => { if (item && isPlace(item.mark)) pick(item); });
  }

  /** The player is at this step, counted from 0. */
  function follow(step) {
    const held = me.given?.datasets.step;
    if (!held?.step?.length) return;
    const first = held.first?.[0] ?? 1;
    me.step = { step: { ...held, step: [step + first] } };
    if (me.chart && me.near) me.busy = me.busy.then(() => me.chart?.put(me.step)).catch(console.error);
  }

  /** Bring one of the lines behind forward, or none: -1. */
  function lit(which) {
    if (me.chart?.signals.has("lit")) me.chart.view.signal("lit", which).runAsync();
  }

  // What is pointed at

  function tooltip(_, event, item, value) {
    if (me.at) return; // the keys
    if (!event || !value) {
      show("", 0, 0);
      return;
    }
    const box = canvas.getBoundingClientRect();
    show(words(value), event.clientX - box.left, event.clientY - box.top);
  }

  /** Say what there is at a place, and show it beside it. */
  function show(text, x, y) {
    const line = text.replaceAll("\n", ", ");
    if (said.textContent !== line) said.textContent = line;
    tip.hidden = !text;
    tip.textContent = text;
    const right = x > canvas.clientWidth / 2;
    tip.style.cssText = `top:${Math.max(0, y - 12)}px;${ 
      right ? `right:${canvas.clientWidth - x + 16}px` : `left:${x + 16}px`}`;
  }

  async function goTo(point) {
    me.at = point;
    const { view, names } = me.chart;
    await hover(view, names, point?.item ?? null);
    if (me.at !== point) return;
    const [left, top, wide, high] = point?.box ?? [0, 0, 0, 0];
    if (!point) show("", 0, 0);
    else show(words(point.item.tooltip), left + wide / 2, top + Math.min(high / 2, 60));
  }

  // The data have changed: the keys stay at their point, and its new number is said.
  function again() {
    if (!me.at) return;
    const points = pointsOf(me.chart.view);
    const near = points.reduce((best, one) => (best && gap(best) <= gap(one) ? best : one), null);
    goTo(near);
  }
  function gap(one) {
    return Math.abs(one.x - me.at.x) + Math.abs(one.y - me.at.y);
  }

  function pick(item) {
    const { pick: target } = me.given;
    if (target) host.tell({ target, value: picked(me.chart.view, item) });
  }

  function listen() {
    canvas.addEventListener("keydown", event => {
      if (!me.chart || event.altKey || event.ctrlKey || event.metaKey) return;
      const moves = ARROWS.has(event.key), enters = event.key === "Enter" || event.key === " ";
      if (!moves && !enters && event.key !== "Escape") return;
      if (event.key === "Escape") {
        if (!me.at) return;
        goTo(null);
      } else if (moves) goTo(next(pointsOf(me.chart.view), me.at, event.key));
      else if (me.at) pick(me.at.item);
      event.preventDefault();
      event.stopPropagation();
    });
    canvas.addEventListener("focusout", () => { if (me.at) goTo(null); });
    canvas.addEventListener("pointermove", () => { // the pointer takes over
      if (!me.at) return;
      me.at = null;
      if (me.chart?.has("cursor")) me.chart.view.data("cursor", []).runAsync();
    });
  }

  function stop() {
    near.disconnect();
    size.disconnect();
    leaveLook();
    if (me.chart) close();
    me.given = null;
    room.remove();
  }
}
