// The plane of two weights' gradients: the arrow whose tip can be dragged, the circle and the square, and what is left
// of the arrow after either clipping.

import { number } from "../core/numbers.js";
import { createPen } from "../transport/pen.js";
import { norm } from "./clipping.js";

const TIP = 11; // pixels
const GRASP = 24; // pixels around a handle
const STEP = 0.1; // of the tip, for a key
const FINE = 0.01;

/**
 * @param {HTMLElement} host
 * @param {{tip(): number[], moveTip(to: number[]): void, moveThreshold(to: number): void, held(on: boolean): void}} act
 */
export function createPlane(host, act) {
  host.innerHTML = `<svg class="picture" role="group"></svg>`;
  const svg = /** @type {SVGSVGElement} */ (host.firstElementChild);
  const pen = createPen(svg, ["ground", "limits", "arrows", "top"]);
  let room = null;
  let seen = null; // what was drawn last

  const place = event => {
    const box = svg.getBoundingClientRect();
    const share = room.width / (box.width || 1); // a page that is enlarged
    const [x, y] = [(event.clientX - box.left) * share, (event.clientY - box.top) * share];
    return [(x - room.x) / room.unit, (room.y - y) / room.unit];
  };
  const within = (/** @type {number[]} */ [x, y]) => {
    const [most, high] = [(room.width / 2 - TIP) / room.unit, (room.height / 2 - TIP) / room.unit];
    return [Math.min(Math.max(x, -most), most), Math.min(Math.max(y, -high), high)];
  };
  /** Which handle a pointer has taken: the threshold's, where that is nearer than the tip, or the tip; a finger that is
   * far from both, none: it scrolls. */
  function grip(event) {
    const to = place(event);
    const { g, show } = seen.view;
    const corner = cornerOf(seen.view);
    const far = one => Math.hypot(one[0] - to[0], one[1] - to[1]) * room.unit;
    if (show.threshold && far(corner) < GRASP && far(corner) < far(g)) return "threshold";
    return event.pointerType === "touch" && far(g) > 2 * GRASP ? "" : "tip";
  }
  function drag(event) {
    const to = place(event);
    if (svg.dataset.holds === "tip") act.moveTip(within(to));
    else act.moveThreshold(seen.view.show.value ? Math.max(to[0], -to[1]) : Math.hypot(...to));
  }
  svg.addEventListener("pointerdown", event => {
    if (event.button || !seen || seen.view.locked) return;
    const taken = grip(event);
    if (!taken) return;
    svg.dataset.holds = taken;
    svg.setPointerCapture(event.pointerId);
    act.held(true);
    drag(event);
    /** @type {SVGElement} */ (svg.querySelector(".tip"))?.focus({ preventScroll: true });
    event.preventDefault();
  });
  svg.addEventListener("pointermove", event => {
    if (svg.dataset.holds) drag(event);
  });
  for (const over of ["pointerup", "pointercancel"])
    svg.addEventListener(over, () => {
      if (svg.dataset.holds) act.held(false);
      delete svg.dataset.holds;
    });
  svg.addEventListener("keydown", event => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || !seen || seen.view.locked || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? FINE : STEP;
    act.moveTip(within(act.tip().map((entry, i) => Math.round((entry + by[i] * step) * 100) / 100)));
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    resize(reach) {
      const { clientWidth: width, clientHeight: height } = svg;
      if (width < 10 || height < 10) return;
      const unit = Math.min(width, height) / 2 / reach;
      room = { width, height, x: width / 2, y: height / 2, unit };
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    },
    paint(view) {
      if (!room) return;
      seen = { view };
      const at = ([x, y]) => [room.x + x * room.unit, room.y - y * room.unit];
      pen.on("ground");
      grid(pen, room, view);
      pen.on("limits");
      limits(pen, room, at, view);
      numbers(pen, room, view);
      pen.on("arrows");
      arrows(pen, room, at, view);
      pen.on("top");
      handles(pen, at, view);
      pen.end();
    },
  };
}

/** Lines at round numbers. */
function grid(pen, { width, height, x, y, unit }, { spacing }) {
  const far = Math.ceil(Math.max(width, height) / 2 / unit / spacing);
  for (let k = -far; k <= far; k++) {
    const by = k * spacing * unit;
    const style = k ? "grid" : "axis";
    if (Math.abs(by) < width / 2) pen.line(`x${k}`, [x + by, 0], [x + by, height], style);
    if (Math.abs(by) < height / 2) pen.line(`y${k}`, [0, y - by], [width, y - by], style);
  }
}

/** What the lines stand for. */
function numbers(pen, { width, x, y, unit }, { words, spacing }) {
  const roomy = unit * spacing > 27; // pixels
  const far = roomy ? Math.floor((width / 2 - 34) / unit / spacing) : 0;
  for (let k = -far; k <= far; k++) {
    const name = String(Number((k * spacing).toPrecision(6))).replace("-", "−");
    if (k) pen.text(`n${k}`, [x + k * spacing * unit, y + 19], name, "muted halo", "middle");
  }
  pen.text("across", [width - 10, y - 10], words.across || "", "muted halo", "end");
  pen.text("up", [x + 10, 20], words.up || "", "muted halo");
}

/** The circle, the square, and the circle of all gradients that are as long as this one. */
function limits(pen, { unit }, at, { show, threshold, size, words, clipped }) {
  const origin = at([0, 0]);
  const [left, top] = at([-threshold, threshold]);
  const side = 2 * threshold * unit;
  if (show.value) pen.draw("square", "rect", { x: left, y: top, width: side, height: side, class: "square" });
  if (show.norm) pen.circle("circle", origin, threshold * unit, "circle");
  if (size > threshold) pen.circle("same", origin, size * unit, "same");
  if (side < 120) return;
  if (show.value) pen.text("square.name", [left + 4, top + side + 19], words.value || "", "name value halo");
  const below = clipped.norm?.[1] > 0 ? -0.6 : 0.5; // the name keeps out of the arrow's way
  if (show.norm) pen.text("circle.name", at([0, below * threshold]), words.norm || "", "name norm halo", "middle");
}

/** The gradient; what clipping left of it; and the angle between. */
function arrows(pen, { unit }, at, { g, show, clipped, turned, trails, size, threshold }) {
  const origin = at([0, 0]);
  if (trails.norm.length > 1 && show.norm) pen.path("trail.norm", trails.norm.map(at), "trail norm");
  if (trails.value.length > 1 && show.value) pen.path("trail.value", trails.value.map(at), "trail value");
  if (!g.every(Number.isFinite)) return;
  const changed = clipped.value.some((entry, i) => entry !== g[i]);
  if (show.value && turned > 0.05) wedge(pen, at, g, clipped.value, turned, Math.min(0.62 * threshold, 74 / unit));
  pen.arrow("g", origin, at(g), "g");
  if (show.value && changed) pen.line("cut", at(g), at(clipped.value), "cut");
  if (show.norm && size > threshold) {
    pen.arrow("norm", origin, at(clipped.norm), "norm");
    pen.circle("norm.tip", at(clipped.norm), 6, "norm tipped");
  }
  if (!show.value || !changed) return;
  const [x, y] = at(clipped.value);
  pen.arrow("value", origin, [x, y], "value");
  pen.draw("value.tip", "rect", { x: x - 6, y: y - 6, width: 12, height: 12, class: "value tipped" });
}

/** The angle between what was and what is left, and its number. */
function wedge(pen, at, from, to, turned, radius) {
  const [one, two] = [from, to].map(([x, y]) => Math.atan2(y, x));
  const by = Math.atan2(Math.sin(two - one), Math.cos(two - one));
  const arc = Array.from({ length: 13 }, (_, k) => one + (by * k) / 12);
  const points = arc.map(angle => at([radius * Math.cos(angle), radius * Math.sin(angle)]));
  pen.path("wedge", [at([0, 0]), ...points, at([0, 0])], "wedge");
  const beyond = two + Math.sign(by) * 0.5;
  const place = at([radius * 1.1 * Math.cos(beyond), radius * 1.1 * Math.sin(beyond)]);
  pen.text("turned", [place[0], place[1] + 6], `${turned.toFixed(1)}°`, "name value halo big", "middle");
}

/** Where the threshold can be taken hold of: at the square's corner, or on the circle. */
const cornerOf = ({ show, threshold }) => [1, -1].map(side => side * threshold * (show.value ? 1 : Math.SQRT1_2));

/** What can be taken hold of: the tip, and the threshold. */
function handles(pen, at, view) {
  const { g, show, locked, words } = view;
  if (show.threshold && !locked) {
    const [x, y] = at(cornerOf(view));
    pen.draw("grip", "path", { d: `M${x - 9} ${y + 5}L${x + 5} ${y + 5}L${x + 5} ${y - 9}`, class: "grip" });
  }
  if (!g.every(Number.isFinite)) return;
  const [x, y] = at(g);
  pen.circle("glow", [x, y], TIP + 6, "glow");
  pen.circle("hold", [x, y], 2.6 * TIP, "hold");
  pen.circle("tip", [x, y], TIP - 2, "tip", {
    tabindex: locked ? -1 : 0,
    role: "application",
    "aria-label": `${words.tip || ""} ${number(g[0])}, ${number(g[1])}`,
  });
  const long = norm(g) || 1;
  const left = g[0] < 0;
  const beside = (left ? -1 : 1) * (14 + 6 * Math.abs(g[0] / long));
  pen.text("g.name", [x + beside, y - 12], words.g || "", "name g halo big", left ? "end" : "start");
}
