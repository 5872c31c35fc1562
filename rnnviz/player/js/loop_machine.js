// The inside of the one big cell: weights, sum, bias; the place on the loop where the state is kept; and the numbers that
// travel through it all. A number goes into a box "x 0.8" as itself and comes out as the product.

import { arrive, ease, lerp, part, rounded } from "./loop_shapes.js";
import { curvePlace } from "./loop_cell.js";
import { inputPath } from "./loop_fold.js";

/** Shrinks with the cell, and fades. */
function zoomed(view, now) {
  if (now.fold < 0.0001) return null;
  const box = now.box(0), { cell } = view, wide = (box.right - box.left) / (cell.right - cell.left);
  const high = (box.bottom - box.top) / (cell.up + cell.down);
  return `translate(${box.left} ${box.top}) scale(${wide} ${high}) translate(${-cell.left} ${-(now.y - cell.up)})`;
}

function drawInnerWires(pen, view, now, group) {
  const { phase } = now, { sum, recurrent, weighed, bias, cell, curve } = view, y = now.y;
  const left = curve.x - curve.width / 2, right = curve.x + curve.width / 2;
  const wire = (key, points, lit) => pen.wire(`inner${key}`, rounded(points), { into: group, lit, glow: now.glow, width: 8, cap: "butt" });
  const weighedPart = part(phase(1), 0.4, 0.95);
  wire("x", [[sum, view.main + cell.down - 1], [sum, weighed]], phase(0) >= 0.9 ? 1 : 0);
  wire("h", [[cell.left, y], [recurrent, y]], phase(0) >= 0.98 ? 1 : 0);
  wire("wh", [[recurrent, y], [sum, y]], weighedPart);
  wire("wx", [[sum, weighed], [sum, y]], weighedPart);
  wire("b", [[sum, bias], [sum, y]], part(phase(2), 0, 0.4));
  wire("a", [[sum, y], [left, y]], part(phase(2), 0.5, 1));
  wire("out", [[right, y], [cell.right, y]], part(phase(4), 0, 0.12));
}

/** What is still pale hides the wire behind it all the same. */
const cover = (pen, group, key, box) => pen.draw(group, key, "rect", { ...box, fill: "var(--rnn-background)" });

/** A weight in its box, which can be dragged. */
function drawWeight(pen, view, now, group, { name, x, y, label, anchor, hot }, { data, words }) {
  const { width, height } = view.gate, box = { x: x - width / 2, y: y - height / 2, width, height, rx: 9 };
  cover(pen, group, `gate.${name}.cover`, box);
  const gate = pen.draw(group, `gate.${name}`, "g", { opacity: now.built(0.2) });
  pen.draw(gate, `gate.${name}.box`, "rect", {
    ...box,
    class: hot ? "gate here" : "gate", "data-weight": name, "data-part": name,
    tabindex: 0, role: "slider", "aria-label": (words.terms || {})[name] || name.replace("_", " "), "aria-orientation": "vertical",
    "aria-valuenow": data[name], "aria-valuemin": words.least ?? -1.5, "aria-valuemax": words.most ?? 1.5,
  });
  pen.text(gate, `gate.${name}.words`, x, y + view.size * 0.35, `× ${data.printed[name]}`, { style: "strong still", anchor: "middle", size: view.size });
  pen.symbol(gate, `gate.${name}.symbol`, label[0], label[1], name, { term: name, label: (words.terms || {})[name], anchor });
}

function drawSum(pen, view, now, group, { data, words }) {
  const { sum, bias, plus, narrow } = view, busy = now.phase(2) > 0.05 && now.phase(2) < 0.6;
  pen.draw(group, "plus", "circle", { cx: sum, cy: now.y, r: plus + 1, class: busy ? "gate still here" : "gate still" });
  pen.text(group, "plus.words", sum, now.y + 8, "+", { anchor: "middle", size: 24, style: "still" });
  if (now.phase(2) <= 0.02 || now.phase(2) > 0.75) pen.pill(group, "bias", [sum, bias], data.printed.b, data.b, { size: view.size, about: "b" });
  pen.symbol(group, "bias.symbol", sum + (narrow ? 29 : 36), bias + 7, "b", { term: "b", label: (words.terms || {}).b });
}

/** Weights, sum and bias of the big cell, the names on it, and the wires between them. */
export function drawInside(pen, view, now, scene) {
  const opacity = now.inside * scene.opacity, { words } = scene, { narrow, cell, curve, gate } = view;
  if (opacity < 0.01) return;
  const transform = zoomed(view, now), terms = words.terms || {};
  const wires = pen.draw("over", "inside.wires", "g", { opacity, transform });
  const gates = pen.draw("gate", "inside.gates", "g", { opacity, transform });
  drawInnerWires(pen, view, now, wires);
  const hot = now.phase(1) > 0.12 && now.phase(1) < 0.72 && !now.rest, { sum, recurrent, weighed } = view;
  const beside = narrow ? [sum - gate.width / 2 - 8, weighed + 7] : [sum + gate.width / 2 + 10, weighed + 7];
  drawWeight(pen, view, now, gates, { name: "w_x", x: sum, y: weighed, label: beside, anchor: narrow ? "end" : null, hot }, scene);
  drawWeight(pen, view, now, gates, { name: "w_h", x: recurrent, y: now.y, label: [recurrent, now.y - gate.height / 2 - 13], anchor: "middle", hot }, scene);
  cover(pen, gates, "plus.cover", { x: sum - view.plus, y: now.y - view.plus, width: 2 * view.plus, height: 2 * view.plus, rx: view.plus });
  drawSum(pen, view, now, pen.draw(gates, "inside.sum", "g", { opacity: now.built(0.38) }), scene);
  pen.text(wires, "inside.name", cell.left + (narrow ? 12 : 16), now.y - cell.up + (narrow ? 19 : 28), words.unit || "", { style: "muted still", size: Math.max(15, view.small) });
  const title = pen.draw(gates, "inside.tanh", "g", { opacity: now.built(0.56) });
  pen.symbol(title, "inside.tanh.name", curve.x - curve.width / 2 + 12, now.y - curve.height / 2 + (narrow ? 20 : 27), "tanh", {
    term: "tanh", label: terms.tanh, size: 17, upright: true,
  });
  const at = curvePlace(view, now, 0), sumNow = scene.data.a[now.step];
  if (now.folded && (now.rest || now.phase(3) > 0.66) && !narrow) {
    pen.text("over", "sum.value", at.ofSum(sumNow), now.y + (sumNow >= 0 ? 20 : -10), scene.data.printed.a[now.step], {
      style: "strong halo still", anchor: "middle", size: view.small, opacity: opacity * (now.rest ? 1 : part(now.phase(3), 0.66, 0.72)),
    });
  }
}

/** The place at the top of the loop where the state waits for the next step. */
export function drawNest(pen, view, now, { words, opacity }) {
  if (!now.packed) return;
  const { narrow } = view, width = narrow ? 66 : 84, height = narrow ? 33 : 38;
  const x = lerp((view.cell.left + view.cell.right) / 2, view.slot(0), now.shrink), y = now.loopTop;
  const seen = (1 - part(now.fold, 0, 0.12)) * opacity;
  pen.draw("cell", "nest", "rect", { x: x - width / 2, y: y - height / 2, width, height, rx: height / 2, class: "nest", opacity: seen });
  const kept = now.rest || now.phase(4) > 0.97 ? now.step + 1 : now.f < 0.02 ? now.step : null;
  if (kept === null) return;
  const low = narrow ? y - 9 : y - 15;
  pen.symbol("over", "nest.symbol", x + width / 2 + 10, low, `h_${kept}`, { term: "h", label: (words.terms || {}).h, opacity: seen });
  if (!narrow) pen.text("over", "nest.words", x + width / 2 + 42, low, kept ? words.kept || "" : words.empty || "", { style: "muted", size: Math.max(15, view.small), opacity: seen });
}

/** The numbers on their way around the folded loop. */
export function drawTravellers(pen, view, now, scene) {
  const { data, opacity } = scene, { cell, recurrent, size } = view, y = now.y, t = now.step, { printed } = data;
  const nest = [(cell.left + cell.right) / 2, view.top], moving = { moving: true, size, opacity, room: view.W };
  if (now.rest) { pen.pill("token", "h", nest, printed.h[t + 1], data.h[t], { size, opacity, about: "h" }); return; }
  const before = t ? data.h[t - 1] : data.h0, legs = {
    down: [nest, [cell.left - view.beside, view.top], [cell.left - view.beside, y]],
    back: rounded([[curveRight(view), y], [cell.right + view.beside, y], [cell.right + view.beside, view.top], nest], 22),
  };
  pen.trail("trail.down", rounded([...legs.down, [recurrent, y]], 22), ease(now.phase(0)), opacity * now.glow * (1 - part(now.phase(4), 0, 0.3)));
  if (now.phase(1) <= 0) drawArriving(pen, view, now, scene, legs, before, moving);
  else if (now.phase(2) < 0.42) drawWeighing(pen, view, now, scene, before, moving);
  if (now.phase(2) >= 0.42 && now.phase(3) < 0.14) {
    const to = view.curve.x - view.curve.width / 2, x = lerp(view.sum, to, ease(part(now.phase(2), 0.55, 1)));
    pen.pill("token", "a", [x, y], printed.a[t], data.a[t], {
      ...moving, about: "a", scale: lerp(0.6, 1, arrive(part(now.phase(2), 0.42, 0.55))), opacity: (1 - part(now.phase(3), 0.06, 0.14)) * opacity,
    });
  }
  if (now.phase(3) > 0.68) drawResult(pen, view, now, scene, legs, moving);
}

const curveRight = view => view.curve.x + view.curve.width / 2;

/** Phase 1: x from the tape, h from the loop; both stop before their boxes. */
function drawArriving(pen, view, now, { data }, legs, before, moving) {
  const e = ease(now.phase(0)), { size, gate } = view, t = now.step, { printed } = data;
  const stop = [view.sum, view.weighed + gate.height / 2 + size * 1.1];
  const up = rounded([...inputPath(view, now, t).slice(0, 3), stop], 14), [x, y] = pen.along(up, e);
  const token = view.narrow ? data.short_tokens[t] : data.tokens[t];
  if (now.f > 0) {
    pen.pill("pass", "x", [x, Math.min(y, view.tape - 4)], e < 0.14 ? token : printed.x[t], data.x[t], { ...moving, about: "x", scale: lerp(0.85, 1, part(e, 0, 0.14)) });
  }
  const round = rounded([...legs.down, [view.recurrent - gate.width / 2 - size * 1.5, now.y]], 22);
  pen.pill("pass", "h.before", pen.along(round, e), printed.h[t], before, { ...moving, about: "h_past", moving: now.f > 0 });
}

/** Phases 2 and 3: in behind the box as itself, out as the product, and with the bias under the plus. */
function drawWeighing(pen, view, now, { data, opacity }, before, moving) {
  const q = now.phase(1), add = now.phase(2), t = now.step, { printed } = data, { size, gate } = view;
  const into = ease(part(q, 0.16, 0.42)), outOf = ease(part(q, 0.58, 0.95)), meet = ease(part(add, 0.05, 0.4));
  const product = q > 0.5, fade = (1 - part(add, 0.33, 0.42)) * opacity, look = { ...moving, opacity: fade, scale: product ? 1 : lerp(1, 0.8, into) };
  const way = (stop, box, end, meeting) => lerp(product ? lerp(box, end, outOf) : lerp(stop, box, into), meeting, meet);
  const y = way(view.weighed + gate.height / 2 + size * 1.1, view.weighed, (view.weighed - gate.height / 2 + now.y + view.plus) / 2, now.y);
  pen.pill("pass", "x", [view.sum, y], product ? printed.x_terms[t] : printed.x[t], product ? data.x_terms[t] : data.x[t], { ...look, about: "w_x" });
  const between = (view.recurrent + gate.width / 2 + view.sum - view.plus) / 2;
  const x = way(view.recurrent - gate.width / 2 - size * 1.5, view.recurrent, between, view.sum);
  pen.pill("pass", "h.before", [x, now.y], product ? printed.h_terms[t] : printed.h[t], product ? data.h_terms[t] : before, { ...look, about: "w_h" });
  if (add > 0.02) pen.pill("pass", "b", [view.sum, lerp(view.bias, now.y, meet)], printed.b, data.b, { ...moving, opacity: fade });
}

/** Phases 4 and 5: h appears at the height of the curve, drops to the wire, and goes around. */
function drawResult(pen, view, now, { data, opacity }, legs, moving) {
  const t = now.step, look = { ...moving, about: "h" };
  if (now.phase(4) <= 0) {
    const from = curvePlace(view, now, 0).ofState(data.h[t]);
    const y = lerp(from, now.y, ease(part(now.phase(3), 0.82, 1)));
    pen.pill("token", "h", [curveRight(view), y], data.printed.h[t + 1], data.h[t], { ...look, scale: lerp(0.5, 1, arrive(part(now.phase(3), 0.68, 0.8))) });
    return;
  }
  const e = ease(now.phase(4));
  pen.trail("trail.back", legs.back, e, opacity * now.glow);
  pen.pill("token", "h", pen.along(legs.back, e), data.printed.h[t + 1], data.h[t], look);
}
