// A series in time: it is known up to now; gaps are filled as soon as they can be; or a window slides along it and what
// it cuts out is stacked below.

import { doneAt, ease, part } from "./moments.js";

const LEFT = 46, FOOT = 26, HEAD = 28, CELL = 24;

export function drawSeries(scene) {
  const { stage, at, pen, width, height, narrow } = scene;
  const N = stage.values.length, left = narrow ? 38 : LEFT;
  const stack = stage.window ? Math.min(height * 0.5, CELL * 9) : 0;
  const box = { x: left, y: HEAD, w: width - left - 6, h: height - HEAD - FOOT - stack };
  const x = t => box.x + ((t + 0.5) / N) * box.w;
  const y = value => box.y + box.h * (1 - (value - stage.low) / (stage.high - stage.low));
  const view = { ...scene, N, box, x, y, half: box.w / N / 2 };
  drawAxes(view);
  drawParts(view);
  drawMeasured(view);
  stage.lines.forEach((line, k) => pen.path(`said ${k}`, placed(line.values, x, y), `said ${line.hue}`));
  if (stage.window) drawWindow(view, { y: box.y + box.h + FOOT, h: stack });
  else {
    drawFills(view);
    drawNow(view, at);
  }
  drawLegend(view);
}

function drawAxes({ pen, stage, box, x, y, width }) {
  pen.on("over");
  for (const value of marks(stage.low, stage.high)) {
    pen.text(`mark ${value}`, [box.x - 8, y(value)], String(value), "muted", "end");
    pen.on("under");
    pen.line(`rule ${value}`, [box.x, y(value)], [width - 6, y(value)], "rule");
    pen.on("over");
  }
  stage.ticks.forEach(([t, said]) => pen.text(`tick ${t}`, [x(t), box.y + box.h + 14], said, "muted", "middle"));
}

/** Two to five round numbers between both. */
export function marks(low, high) {
  const power = 10 ** Math.floor(Math.log10(high - low));
  const step = [0.2, 0.5, 1, 2].map(one => one * power).find(one => (high - low) / one <= 5) ?? power;
  const count = Math.floor(high / step) - Math.ceil(low / step) + 1;
  return Array.from({ length: count }, (_, k) => Number(((Math.ceil(low / step) + k) * step).toPrecision(8)));
}

// line by line: nothing where a value is missing
function placed(values, x, y) {
  const found = [];
  values.forEach((value, t) => { if (value !== null) found.push([x(t), y(value)]); });
  return found;
}

function drawMeasured({ pen, stage, x, y, half, box }) {
  pen.on("middle");
  let d = "", drawn = false;
  stage.values.forEach((value, t) => {
    if (value !== null) d += `${drawn ? "L" : "M"}${x(t).toFixed(1)} ${y(value).toFixed(1)}`;
    drawn = value !== null;
    if (value === null && stage.fills.length) {
      pen.on("under");
      pen.draw(`gap ${t}`, "rect", { x: x(t) - half, y: box.y, width: 2 * half, height: box.h, class: "gap" });
      pen.on("middle");
    } else if (value !== null && half > 2) pen.circle(`dot ${t}`, [x(t), y(value)], Math.min(3, half), "dot");
  });
  pen.draw("measured", "path", { d, class: "measured" });
}

function drawParts({ pen, stage, x, half, box }) {
  stage.parts.forEach(({ name, first, end }, k) => {
    const from = x(first) - half, wide = x(end - 1) + half - from;
    pen.on("under");
    const style = `part ${k % 2 ? "shaded" : ""}`;
    pen.draw(`part ${k}`, "rect", { x: from, y: box.y, width: wide, height: box.h, class: style });
    pen.on("over");
    pen.text(`part name ${k}`, [from + wide / 2, box.y + box.h - 12], name, "muted", "middle");
  });
}

// what is still to come lies under a cover
function drawNow({ pen, stage, x, half, box, width, N }, at) {
  if (at >= N) return;
  const now = x(at) - half;
  pen.on("cover");
  const high = box.h - (stage.parts.length ? 24 : 0);
  pen.draw("cover", "rect", { x: now, y: box.y - 6, width: width - now, height: high + 6, class: "cover" });
  pen.on("over");
  if (at > 0) pen.line("now", [now, box.y - 6], [now, box.y + box.h], "now");
}

const SHAPES = {
  circle: r => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`,
  square: r => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
  diamond: r => `M0 ${-r * 1.3}L${r * 1.3} 0L0 ${r * 1.3}L${-r * 1.3} 0Z`,
};

const shape = (mark, r, x, y, hue) =>
  ({ d: SHAPES[mark](r), transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `mark ${hue}` });

function drawFills({ pen, stage, at, x, y, half }) {
  const r = Math.max(3, Math.min(5.5, half * 1.1));
  pen.on("over");
  for (const { name, hue, mark, values } of stage.fills)
    for (const [t, value, known] of values) {
      const shown = ease(doneAt(at, known));
      if (shown) pen.draw(`${name} ${t}`, "path", { ...shape(mark, r, x(t), y(value), hue), opacity: shown });
    }
}

// names of fills and lines, each with its mark
function drawLegend({ pen, stage, box, text, narrow }) {
  let at = box.x;
  pen.on("over");
  for (const { name, hue, mark } of [...stage.fills, ...stage.lines]) {
    const y = 12;
    if (mark) pen.draw(`key ${name}`, "path", shape(mark, 5, at + 6, y, hue));
    else pen.line(`key ${name}`, [at, y], [at + 22, y], `said ${hue}`);
    at += mark ? 18 : 28;
    pen.text(`legend ${name}`, [at, y], name, "");
    at += name.length * text * 0.5 + (narrow ? 12 : 26);
  }
  if (stage.unit && !stage.fills.length && !stage.lines.length) pen.text("unit", [box.x, 12], stage.unit, "muted");
}

function drawWindow(view, room) {
  const { pen, stage, at, x, half, box } = view, { length, horizon, begins } = stage.window;
  const last = begins.length - 1, now = Math.min(at, last), low = Math.floor(now);
  const begin = begins[low] + (begins[Math.min(low + 1, last)] - begins[low]) * ease(part(now - low, 0.5, 1));
  const from = x(begin) - half, wide = 2 * half;
  pen.on("over");
  const tall = { y: box.y - 4, height: box.h + 8, rx: 5 };
  pen.draw("window", "rect", { x: from, width: wide * length, ...tall, class: "window" });
  pen.draw("target", "rect", { x: from + wide * (length + horizon - 1), width: wide, ...tall, class: "target" });
  drawStack(view, room, begins.slice(0, Math.min(begins.length, Math.floor(at + 1e-6) + 1)));
}

// the windows so far, the newest at the foot; it comes down from the frame
function drawStack(view, { y: top, h }, begins) {
  const { pen, stage, at, x, half, box, y, width } = view, { length, horizon } = stage.window;
  const rows = Math.max(1, Math.floor(h / CELL)), first = Math.max(0, begins.length - rows);
  const cell = Math.min(4.8 * half, (width - box.x - 14) / (length + horizon));
  const u = ease(part(at - Math.floor(at + 1e-6), 0, 0.5));
  begins.forEach((begin, k) => {
    if (k < first) return;
    const newest = k === begins.length - 1 && at < stage.steps, fall = newest ? u : 1;
    if (newest && !u) return;
    const to = top + (k - first) * CELL;
    pen.on("middle");
    if (!view.narrow) pen.text(`number ${k}`, [box.x - 8, to + CELL / 2], String(k + 1), "muted", "end");
    for (let t = 0; t < length + horizon; t += 1) {
      if (t >= length && t < length + horizon - 1) continue; // between window and target
      const value = stage.values[begin + t], missing = value === null;
      const z = missing ? 0 : 2 * (value - stage.low) / (stage.high - stage.low) - 1;
      const from = [x(begin + t) - half, missing ? box.y + box.h / 2 : y(value)];
      const goal = [box.x + t * cell + (t >= length ? 2 : 0), to + 2];
      const [left, up] = goal.map((one, axis) => from[axis] + (one - from[axis]) * fall);
      const place = { x: left, y: up, width: Math.max(1.5, cell - 1.5), height: CELL - 4, rx: 2 };
      const style = missing ? "padding" : z < 0 ? "negative" : "positive";
      const opacity = missing ? 1 : 0.12 + 0.88 * Math.abs(z);
      pen.draw(`cell ${k} ${t}`, "rect", { ...place, class: style, opacity });
      if (t >= length) pen.draw(`edge ${k} ${t}`, "rect", { ...place, class: "target edge" });
    }
  });
}
