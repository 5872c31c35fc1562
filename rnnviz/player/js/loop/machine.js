// The inside of the one big cell: weights, sum, bias, and the wires between them; and the place on the loop where the
// state is kept.

import { lerp, part, rounded } from "./shapes.js";
import { curvePlace } from "./cell.js";

/** Shrinks with the cell, and fades. */
function zoomed(view, now) {
  if (now.fold < 0.0001) return null;
  const box = now.box(0);
  const { cell } = view;
  const wide = (box.right - box.left) / (cell.right - cell.left);
  const high = (box.bottom - box.top) / (cell.up + cell.down);
  return `translate(${box.left} ${box.top}) scale(${wide} ${high}) translate(${-cell.left} ${-(now.y - cell.up)})`;
}

function drawInnerWires(pen, view, now, group) {
  const { phase } = now;
  const { sum, recurrent, weighed, bias, cell, curve } = view;
  const y = now.y;
  const left = curve.x - curve.width / 2;
  const right = curve.x + curve.width / 2;
  const wire = (key, points, lit) =>
    pen.wire(`inner${key}`, rounded(points), { into: group, lit, glow: now.glow, width: 8, cap: "butt" });
  const weighedPart = part(phase(1), 0.4, 0.95);
  wire(
    "x",
    [
      [sum, view.main + cell.down - 1],
      [sum, weighed],
    ],
    phase(0) >= 0.9 ? 1 : 0,
  );
  wire(
    "h",
    [
      [cell.left, y],
      [recurrent, y],
    ],
    phase(0) >= 0.98 ? 1 : 0,
  );
  wire(
    "wh",
    [
      [recurrent, y],
      [sum, y],
    ],
    weighedPart,
  );
  wire(
    "wx",
    [
      [sum, weighed],
      [sum, y],
    ],
    weighedPart,
  );
  wire(
    "b",
    [
      [sum, bias],
      [sum, y],
    ],
    part(phase(2), 0, 0.4),
  );
  wire(
    "a",
    [
      [sum, y],
      [left, y],
    ],
    part(phase(2), 0.5, 1),
  );
  wire(
    "out",
    [
      [right, y],
      [cell.right, y],
    ],
    part(phase(4), 0, 0.12),
  );
}

/** What is still pale hides the wire behind it all the same. */
const cover = (pen, group, key, box) => pen.draw(group, key, "rect", { ...box, fill: "var(--rnn-background)" });

/** A weight in its box, which can be dragged. */
function drawWeight(pen, view, now, group, { name, x, y, label, anchor, hot }, { data, words }) {
  const { width, height } = view.gate;
  const box = { x: x - width / 2, y: y - height / 2, width, height, rx: 9 };
  cover(pen, group, `gate.${name}.cover`, box);
  const gate = pen.draw(group, `gate.${name}`, "g", { opacity: now.built(0.2), class: "weight" });
  pen.draw(gate, `gate.${name}.box`, "rect", {
    ...box,
    class: hot ? "gate here" : "gate",
    "data-weight": name,
    "data-part": name,
    tabindex: 0,
    role: "slider",
    "aria-label": (words.terms || {})[name] || name.replace("_", " "),
    "aria-orientation": "vertical",
    "aria-valuenow": data[name],
    "aria-valuemin": -data.reach,
    "aria-valuemax": data.reach,
  });
  const grip = x + width / 2 - (view.narrow ? 9 : 12);
  pen.draw(gate, `gate.${name}.grip`, "path", {
    d: `M${grip - 3.5} ${y - 4}l3.5 -4l3.5 4m-3.5 -4v16m-3.5 -4l3.5 4l3.5 -4`,
    class: "grip",
  });
  pen.text(gate, `gate.${name}.words`, x - (view.narrow ? 5 : 7), y + view.size * 0.35, `× ${data.printed[name]}`, {
    style: "strong still",
    anchor: "middle",
    size: view.size,
  });
  pen.symbol(gate, `gate.${name}.symbol`, label[0], label[1], name, {
    term: name,
    label: (words.terms || {})[name],
    anchor,
  });
}

function drawSum(pen, view, now, group, { data, words }) {
  const { sum, bias, plus, narrow } = view;
  const busy = now.phase(2) > 0.05 && now.phase(2) < 0.6;
  pen.draw(group, "plus", "circle", {
    cx: sum,
    cy: now.y,
    r: plus + 1,
    class: busy ? "gate still here" : "gate still",
  });
  pen.text(group, "plus.words", sum, now.y + 8, "+", { anchor: "middle", size: 24, style: "still" });
  if (now.phase(2) <= 0.02 || now.phase(2) > 0.75)
    pen.pill(group, "bias", [sum, bias], data.printed.b, data.b, { size: view.size, about: "b" });
  pen.symbol(group, "bias.symbol", sum + (narrow ? 29 : 36), bias + 7, "b", {
    term: "b",
    label: (words.terms || {}).b,
  });
}

/** Weights, sum and bias of the big cell, the names on it, and the wires between them. */
export function drawInside(pen, view, now, scene) {
  const opacity = now.inside * scene.opacity;
  const { words } = scene;
  const { narrow, cell, curve, gate } = view;
  if (opacity < 0.01) return;
  const transform = zoomed(view, now);
  const terms = words.terms || {};
  const wires = pen.draw("over", "inside.wires", "g", { opacity, transform });
  const gates = pen.draw("gate", "inside.gates", "g", { opacity, transform });
  drawInnerWires(pen, view, now, wires);
  const hot = now.phase(1) > 0.12 && now.phase(1) < 0.72 && !now.rest;
  const { sum, recurrent, weighed } = view;
  const beside = narrow ? [sum - gate.width / 2 - 8, weighed + 7] : [sum + gate.width / 2 + 10, weighed + 7];
  drawWeight(
    pen,
    view,
    now,
    gates,
    { name: "w_x", x: sum, y: weighed, label: beside, anchor: narrow ? "end" : null, hot },
    scene,
  );
  drawWeight(
    pen,
    view,
    now,
    gates,
    { name: "w_h", x: recurrent, y: now.y, label: [recurrent, now.y - gate.height / 2 - 13], anchor: "middle", hot },
    scene,
  );
  cover(pen, gates, "plus.cover", {
    x: sum - view.plus,
    y: now.y - view.plus,
    width: 2 * view.plus,
    height: 2 * view.plus,
    rx: view.plus,
  });
  cover(pen, gates, "bias.cover", { x: sum - 21, y: view.bias - 15, width: 42, height: 30, rx: 15 });
  drawSum(pen, view, now, pen.draw(gates, "inside.sum", "g", { opacity: now.built(0.38) }), scene);
  pen.text(
    wires,
    "inside.name",
    cell.left + (narrow ? 12 : 16),
    now.y - cell.up + (narrow ? 19 : 28),
    words.unit || "",
    { style: "muted still", size: Math.max(15, view.small) },
  );
  const title = pen.draw(gates, "inside.tanh", "g", { opacity: now.built(0.56) });
  pen.symbol(
    title,
    "inside.tanh.name",
    curve.x - curve.width / 2 + 12,
    now.y - curve.height / 2 + (narrow ? 20 : 27),
    "tanh",
    {
      term: "tanh",
      label: terms.tanh,
      size: view.text,
      upright: true,
    },
  );
  if (now.folded && (now.rest || now.phase(3) > 0.66) && !narrow) drawReadings(pen, view, now, scene, opacity);
}

/** Where the dot is: the sum on the axis, the state beside the dot, both on the side on which the curve is not. */
function drawReadings(pen, view, now, { data }, opacity) {
  const at = curvePlace(view, now, 0);
  const { printed } = data;
  const [a, h] = [data.a[now.step], data.h[now.step]];
  const { small } = view;
  const side = a < 0 ? -1 : 1;
  const far = at.width - 5 - pen.width(printed.a[now.step], small);
  const look = { style: "strong halo still", size: small };
  const x = Math.min(Math.max(side * (at.ofSum(a) - at.x) - 8, 8), far);
  pen.draw("over", "sum.tick", "path", { d: `M${at.ofSum(a)} ${now.y - 5}v10`, class: "guide-tick", opacity });
  pen.text("over", "sum.value", at.x + side * x, now.y + (side > 0 ? small * 0.7 + 11 : -11), printed.a[now.step], {
    ...look,
    anchor: side > 0 ? null : "end",
    opacity: opacity * (now.rest ? 1 : part(now.phase(3), 0.66, 0.72)),
  });
  const down = small * (h < 0 ? 0.8 : 0);
  pen.text("over", "state.value", at.ofSum(a) - side * 13, at.ofState(h) + down, printed.h[now.step + 1], {
    ...look,
    anchor: side > 0 ? "end" : null,
    opacity: opacity * (now.rest ? 1 : part(now.phase(3), 0.8, 0.9)),
  });
}

/** The place at the top of the loop where the state waits for the next step. */
export function drawNest(pen, view, now, { words, opacity }) {
  if (!now.packed) return;
  const { narrow } = view;
  const width = narrow ? 66 : 84;
  const height = narrow ? 33 : 38;
  const x = lerp((view.cell.left + view.cell.right) / 2, view.slot(0), now.shrink);
  const y = now.loopTop;
  const seen = (1 - part(now.fold, 0, 0.12)) * opacity;
  pen.draw("cell", "nest", "rect", {
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: height / 2,
    class: "nest",
    opacity: seen,
  });
  const kept = now.rest || now.phase(4) > 0.97 ? now.step + 1 : now.f < 0.02 ? now.step : null;
  if (kept === null) return;
  const low = narrow ? y - 9 : y - 15;
  pen.symbol("over", "nest.symbol", x + width / 2 + 10, low, `h_${kept}`, {
    term: "h",
    label: (words.terms || {}).h,
    opacity: seen,
  });
  if (!narrow)
    pen.text("over", "nest.words", x + width / 2 + 42, low, kept ? words.kept || "" : words.empty || "", {
      style: "muted",
      size: Math.max(15, view.small),
      opacity: seen,
    });
}
