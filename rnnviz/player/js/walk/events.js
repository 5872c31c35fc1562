// What the reader does: keys, buttons, sliders; a drag in the plane picks the arrow, one along the time axis scrubs.

import { singular } from "./algebra.js";
import { SPEEDS } from "./bar.js";

const TURN = 5; // degrees a key
const THIN = 0.05; // of an ellipse: its smaller axis by its larger

/**
 * The angle at the last state of the arrow that points this way now, M (cos, sin) ~ (x, y). Where the circle has become
 * all but a line, every arrow but one points along it: there it is the one that reaches furthest this way.
 * @param {number[]} M @param {number} x @param {number} y
 */
export function angleOf(M, x, y) {
  const [a, b, c, d] = M;
  const det = a * d - b * c;
  const [most, least] = singular(M);
  const line = least < THIN * most;
  const [u, v] = line ? [a * x + c * y, b * x + d * y] : [(d * x - b * y) / det, (a * y - c * x) / det];
  return (Math.atan2(v, u) * 180) / Math.PI;
}

export function listen({ root, picture, bar }, act) {
  root.addEventListener("keydown", event => keys(event, act));
  bar.addEventListener("click", event => clicked(event, act));
  bar.addEventListener("input", event => slid(event, act, false));
  bar.addEventListener("change", event => slid(event, act, true));
  pointing(picture, act);
}

function keys(event, act) {
  const typing = event.target.matches("input");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== " ")) return;
  if (event.key === " " && event.target.matches("button")) return;
  const { clock, state } = act;
  const known = {
    " ": act.play,
    ArrowLeft: () => clock.step(1),
    ArrowRight: () => clock.step(-1),
    Home: () => { clock.jump(0); act.rest(); },
    End: () => { clock.jump(clock.steps); act.rest(); },
    ArrowUp: () => act.arrow(state.angle + TURN, true),
    ArrowDown: () => act.arrow(state.angle - TURN, true),
  };
  const does = known[event.key];
  if (!does || (state.stage.view !== "plane" && /Up|Down/.test(event.key))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!act.locked()) does();
}

function clicked({ target }, act) {
  const found = target.closest("button");
  if (!found || found.disabled) return;
  const { clock } = act;
  if (found.dataset.act === "play") act.play();
  if (found.dataset.act === "further") clock.step(1);
  if (found.dataset.act === "nearer") clock.step(-1);
  if (found.dataset.speed) {
    clock.speed = SPEEDS.map(([speed]) => speed).find(speed => String(speed) === found.dataset.speed) ?? 1;
    clock.paint();
  }
  if (found.dataset.axis) act.axis(found.dataset.axis === "log");
}

function slid({ target }, act, done) {
  if (target.name === "back") {
    if (!done) act.clock.jump(near(Number(target.value)));
    else act.rest();
  }
  if (target.name === "factor") act.factor(Number(target.value), done);
}

/** Whole steps catch what comes close to them. */
const near = value => (Math.abs(value - Math.round(value)) < 0.04 ? Math.round(value) : value);

function pointing(picture, act) {
  let drag = "";
  const { clock, state } = act;
  /** @param {number[]} box @param {number[]} point */
  const inside = ([x, y, w, h], [a, b]) => a >= x && a <= x + w && b >= y && b <= y + h;
  const at = event => {
    const box = picture.getBoundingClientRect();
    const zoom = box.width / picture.offsetWidth || 1;
    return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
  };
  function moved(point) {
    const { plane, time } = state.places;
    if (drag === "arrow") {
      const t = clock.steps - Math.floor(clock.back + 1e-9);
      const [x, y] = [point[0] - plane[0] - plane[2] / 2, plane[1] + plane[3] / 2 - point[1]];
      act.arrow(angleOf(state.walk.at(t), x, y), false);
    } else clock.jump(near(((time[1] - point[0]) / (time[1] - time[0])) * clock.steps));
  }
  picture.addEventListener("pointerdown", event => {
    if (act.locked() || !state.places || event.button) return;
    const point = at(event);
    const { plane, time } = state.places;
    drag = plane && inside(plane, point) ? "arrow" : time[1] > time[0] ? "time" : "";
    if (!drag) return;
    if (drag === "arrow") clock.halt();
    picture.setPointerCapture(event.pointerId);
    moved(point);
  });
  picture.addEventListener("pointermove", event => drag && moved(at(event)));
  for (const name of ["pointerup", "pointercancel"])
    picture.addEventListener(name, () => {
      if (drag === "arrow") act.arrow(state.angle, true);
      if (drag === "time") act.rest();
      drag = "";
    });
}
