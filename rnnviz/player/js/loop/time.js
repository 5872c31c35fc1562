// One unit, folded or unrolled in time: wires, copies, the states above them, and what travels from day to day.

import { clamp, ease, lerp, part, rounded } from "./shapes.js";
import { drawCell } from "./cell.js";
import { drawWires, inputPath, pose } from "./fold.js";
import { drawInside, drawNest } from "./machine.js";
import { drawTravellers } from "./travel.js";

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} scene data and words of the stage; at, fold, build, opacity
 */
export function drawOne(pen, view, scene) {
  const { data, opacity } = scene;
  const count = data.h.length;
  if (opacity <= 0.004) return;
  const now = pose(view, { ...scene, count });
  drawWires(pen, view, now, opacity);
  for (let i = 0; i < count; i++) {
    if (i > 0 && now.front < view.pitch * (i - 1) + 0.01) break;
    drawCell(pen, view, now, data, i, opacity);
  }
  drawInside(pen, view, now, scene);
  drawNest(pen, view, now, scene);
  if (now.folded) {
    drawTravellers(pen, view, now, scene);
    return;
  }
  for (let i = 0; i < count; i++) drawState(pen, view, now, scene, i);
  if (now.open && !now.rest) drawDay(pen, view, now, scene);
}

/** Whether the states are too wide to stand side by side. */
const crowded = (pen, view, { printed }) => printed.h.some(text => pen.width(text, view.small) > view.pitch - 9);

/** How clearly the state of day i is seen: the newest on the loop, each above its own day once that has been dealt. */
function seenState(view, now, i, newest) {
  if (now.packed) return newest ? 1 - part(now.fold, 0.2, 0.34) : 0;
  return now.open ? 1 : part(now.front - view.pitch * i, 6, view.pitch * 0.5);
}

/** The state above copy i. */
function drawState(pen, view, now, { data, words, opacity }, i) {
  const { narrow } = view;
  const size = narrow ? view.small : view.text;
  const here = now.open && i === now.step && !now.rest;
  if (!now.done(i) && !(here && now.f > 0.8)) return;
  const rise = now.done(i) ? 1 : ease(part(now.f, 0.8, 1));
  const newest = i === Math.ceil(now.at) - 1;
  const seen = seenState(view, now, i, newest);
  if (seen <= 0) return;
  const dealt = i === now.count - 1 ? now.deal : clamp((now.front - view.pitch * i) / view.pitch);
  const x = now.packed ? lerp((view.cell.left + view.cell.right) / 2, view.slot(0), now.shrink) : now.centre(i);
  const high = narrow && i % 2 && crowded(pen, view, data) ? 31 : 0;
  const from = now.y - view.box / 2; // every other one stands higher
  const y = now.packed ? now.loopTop : lerp(now.loopTop, now.y - view.chips - high, dealt);
  pen.draw("wire", `state${i}.wire`, "path", {
    d: `M${x.toFixed(2)} ${from.toFixed(2)}V${(y + 10).toFixed(2)}`,
    class: "stem",
    opacity: part(now.fold, 0.4, 0.5) * opacity,
  });
  pen.pill("token", `state${i}`, [x, lerp(from, y, rise)], data.printed.h[i + 1], data.h[i], {
    size,
    opacity: opacity * seen * Math.min(1, rise * 3),
    width: narrow ? view.pitch - 2 : undefined,
    moving: here,
  });
  if (now.open && !narrow && now.done(i)) {
    pen.symbol("over", `state${i}.symbol`, view.slot(i), from - 62, `h_${i + 1}`, {
      term: "h",
      label: (words.terms || {}).h,
      anchor: "middle",
      opacity,
    });
  }
}

/** Unrolled: today's number comes up, and yesterday's state, which stands above its unit, also goes right. */
function drawDay(pen, view, now, { data, opacity }) {
  const { narrow } = view;
  const t = now.step;
  const e = ease(part(now.f, 0, 0.38));
  if (now.f <= 0 || now.f >= 0.44) return;
  const look = {
    moving: true,
    size: narrow ? view.small : view.text,
    width: narrow ? view.pitch - 4 : undefined,
    opacity: opacity * (1 - part(now.f, 0.4, 0.44)),
  };
  const [x, y] = pen.along(rounded(inputPath(view, now, t), 14), e * 0.999);
  pen.pill(
    "token",
    "day.x",
    [x, Math.min(y, view.tape - 4)],
    e < 0.14 && !narrow ? data.tokens[t] : data.printed.x[t],
    data.x[t],
    look,
  );
  if (t === 0) return;
  const across = lerp(view.slot(t - 1), view.slot(t), ease(part(now.f, 0, 0.42)));
  pen.pill("token", "day.h", [across, now.y], data.printed.h[t], data.h[t - 1], look);
}
