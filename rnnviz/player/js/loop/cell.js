// One unit: its box, its curve tanh, and the dot that slides along the curve to where the sum is.

import { ease, lerp, part } from "./shapes.js";

const REACH = 2.4; // the curve is drawn for sums from -2.4 to 2.4
const POINTS = Array.from({ length: 61 }, (_, k) => -REACH + (2 * REACH * k) / 60);

/** Where the curve stands in the cell of step i, and where a sum and a state lie on it. */
export function curvePlace(view, now, i) {
  const box = now.box(i);
  const wide = view.cell.right - view.cell.left;
  const small = view.box * 0.78;
  const x = box.left + (box.right - box.left) * lerp((view.curve.x - view.cell.left) / wide, 0.5, now.shrink);
  const y = lerp(now.y, (box.top + box.bottom) / 2, now.shrink);
  const width = lerp(view.curve.width, small, now.shrink) / 2;
  const height = lerp(view.curve.height, small, now.shrink) / 2;
  const clip = a => Math.max(-REACH, Math.min(REACH, a));
  return {
    x,
    y,
    width,
    height,
    ofSum: a => x + (clip(a) / REACH) * width * 0.94,
    ofState: h => y - h * height * 0.86,
  };
}

function drawCurve(pen, group, key, curve, shrink) {
  const { x, y, width, height, ofSum, ofState } = curve;
  pen.draw(group, `${key}.paper`, "rect", {
    x: x - width,
    y: y - height,
    width: 2 * width,
    height: 2 * height,
    rx: lerp(10, 4, shrink),
    class: "paper",
    "stroke-opacity": 1 - shrink,
  });
  pen.draw(group, `${key}.axes`, "path", {
    d:
      `M${ofSum(-REACH).toFixed(2)} ${y.toFixed(2)}H${ofSum(REACH).toFixed(2)}` +
      `M${x.toFixed(2)} ${(y - height * 0.92).toFixed(2)}V${(y + height * 0.92).toFixed(2)}`,
    class: "axes",
  });
  const d = POINTS.map(a => `${ofSum(a).toFixed(1)} ${ofState(Math.tanh(a)).toFixed(1)}`).join("L");
  pen.draw(group, `${key}.curve`, "path", { d: `M${d}`, class: "curve", "stroke-width": lerp(3, 2, shrink) });
}

/** Between which two states the curve lies. */
function drawEnds(pen, view, now, group, { x, ofState }) {
  const { narrow, small } = view;
  const opacity = now.inside;
  for (const h of [1, -1]) {
    const y = ofState(h);
    const right = narrow || h < 0; // where neither the curve nor its name is
    pen.draw(group, `ends${h}`, "path", { d: `M${x - 4} ${y.toFixed(2)}h8`, class: "axes", opacity });
    pen.text(group, `ends${h}.words`, x + (right ? 8 : -8), y + small * 0.35, h > 0 ? "1" : "−1", {
      style: "muted still",
      anchor: right ? null : "end",
      size: small,
      opacity,
    });
  }
}

/** How far the dot has slid on the curve of step i, or null where there is none yet. */
function slid(now, i) {
  const here = i === now.step && !now.rest;
  if (now.folded) return now.phase(3) > 0.06 || now.rest ? ease(part(now.phase(3), 0.14, 0.66)) : null;
  if (now.open) return now.done(i) ? 1 : here && now.f > 0.4 ? ease(part(now.f, 0.42, 0.78)) : null;
  return (now.stacked(i) ? now.at > 0 && i <= now.step : now.done(i)) ? 1 : null;
}

/** The cell of step i; `shows` is the step whose values it shows: copies that lie on each other show one. */
export function drawCell(pen, view, now, data, i, opacity) {
  const box = now.box(i);
  const here = now.open && i === now.step && !now.rest;
  const curve = curvePlace(view, now, i);
  const group = pen.draw("cell", `cell${i}`, "g", { opacity });
  if (!group) return;
  pen.draw(group, `cell${i}.box`, "rect", {
    x: box.left,
    y: box.top,
    width: box.right - box.left,
    height: box.bottom - box.top,
    rx: lerp(24, view.narrow ? 8 : 14, now.shrink),
    class: here ? "unit here" : "unit",
  });
  const inner = i ? group : pen.draw(group, "cell0.fade", "g", { opacity: now.built(0.56), "data-part": "tanh" });
  drawCurve(pen, inner, `cell${i}`, curve, now.shrink);
  if (!i) drawEnds(pen, view, now, inner, curve);
  const share = slid(now, i);
  const shows = now.stacked(i) ? now.step : i;
  if (share === null) return;
  const sum = data.a[shows] * share;
  const px = curve.ofSum(sum);
  const py = curve.ofState(Math.tanh(sum));
  const guide = (now.folded ? 1 : now.inside) * (now.phase(3) > 0.1 || now.rest ? 1 : 0);
  pen.draw(group, `cell${i}.guide`, "path", {
    d: `M${px.toFixed(2)} ${curve.y.toFixed(2)}V${py.toFixed(2)}H${(curve.x + curve.width).toFixed(2)}`,
    class: "guide",
    opacity: guide,
  });
  pen.draw(group, `cell${i}.dot`, "circle", {
    cx: px,
    cy: py,
    r: lerp(8, view.narrow ? 4 : 5, now.shrink),
    class: "dot",
    "stroke-width": lerp(2.5, 1.5, now.shrink),
  });
}
