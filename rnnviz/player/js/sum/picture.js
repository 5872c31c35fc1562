// The picture: the gradient travels left over the steps; at each, it meets the h that the step was handed. What they
// make together falls down as the step's part, and goes on into the sum.
//
// `at` steps are added up. Within a step: the gradient arrives, the product is made, its part falls, it joins the sum.

const ARRIVED = 0.34, MADE = 0.5, FALLEN = 0.72; // shares of a step
const NARROW = 620; // pixels

const part = (u, from, to) => Math.min(Math.max((u - from) / (to - from), 0), 1);
const ease = u => (u < 0.5 ? 2 * u * u : 1 - 2 * (1 - u) ** 2);
const mix = (a, b, u) => a + (b - a) * u;

/** Where everything is, in pixels. */
function layout(data, { width, height }) {
  const narrow = width < NARROW, T = data.parts.length;
  const left = narrow ? 54 : 150, right = width - (narrow ? 0 : 10), wide = (right - left) / T;
  const top = narrow ? 26 : 34, gap = narrow ? 34 : 42;
  const rows = { wire: top, handed: top + gap, zeroTop: top + 2 * gap + 4 };
  const values = [...data.parts, ...data.running], most = Math.max(0, ...values), least = Math.min(0, ...values);
  const head = rows.zeroTop + (narrow ? 24 : 40), floor = height - (narrow ? 52 : 76);
  const scale = (floor - head) / (most - least || 1);
  return {
    narrow, T, left, right, wide, rows, height,
    mid: t => left + (t + 0.5) * wide,
    y: value => head + (most - value) * scale,
    sumX: narrow ? 26 : 66,
    bar: Math.min(0.56 * wide, 44),
  };
}

/**
 * @param {any} pen of transport/pen.js
 * @param {any} stage
 * @param {number} at
 * @param {{width: number, height: number}} room
 */
export function drawSum(pen, stage, at, room) {
  const { data, words } = stage, place = layout(data, room), texts = place.narrow ? data.brief : data.printed;
  const scene = { pen, stage, data, words, texts, ...place };
  const done = Math.floor(at + 1e-6), u = done < place.T ? at - done : 0, t = place.T - 1 - done;
  gutter(scene);
  wire(scene, at, done, u);
  for (let k = 0; k < place.T; k++) column(scene, k, k > t ? 1 : k === t ? u : 0);
  total(scene, done, u);
  if (u > 0) flying(scene, t, u);
}

function gutter({ pen, words, narrow, rows, left, right, y, height }) {
  pen.on("under");
  pen.line("zero", [narrow ? 4 : 10, y(0)], [right, y(0)], "zero");
  if (narrow) {
    pen.text("gradient", [0, rows.wire + 5], "∂L/∂a", "symbol");
    pen.text("handed", [0, rows.handed + 5], "h", "symbol");
    return;
  }
  pen.text("gradient", [0, rows.wire + 5], words.gradient, "muted");
  pen.text("handed", [0, rows.handed + 5], words.handed, "muted");
  pen.text("smaller", [left, rows.zeroTop + 14], `↑ ${words.smaller}`, "muted");
  pen.text("larger", [left, height - 38], `↓ ${words.larger}`, "muted");
}

// the way back, lit as far as the gradient has come; it rides on the front
function wire(scene, at, done, u) {
  const { pen, stage, data, texts, rows, left, right, mid, T, wide } = scene;
  pen.on("under");
  pen.line("way", [left, rows.wire], [right, rows.wire], "way");
  if (stage.locked || at === 0) return;
  const t = T - 1 - done, from = done ? mid(t + 1) : right;
  const front = u > 0 ? mix(from, mid(t), ease(part(u, 0, ARRIVED))) : from;
  const farthest = data.da.findIndex(value => value !== 0); // beyond it nothing travels: truncated, or underflow
  const lit = farthest < 0 ? right : Math.max(front, mid(farthest));
  pen.line("lit", [lit, rows.wire], [right, rows.wire], "lit");
  if (u === 0 || u >= ARRIVED || !done) return;
  pen.on("over");
  const now = u < ARRIVED / 2 ? t + 1 : t;
  pill(pen, "rider", front, rows.wire, texts.da[now], data.da[now] === 0 ? "nothing" : "backward", wide);
}

function column(scene, t, u) {
  const { pen, data, texts, rows, mid, y, bar, narrow, wide, height } = scene, x = mid(t);
  pen.on("under");
  const whole = { x: x - wide / 2, y: 0, width: wide, height, rx: 8 };
  pen.draw(`hit${t}`, "rect", { ...whole, class: "hit", "data-day": String(t) });
  pen.on("over");
  const label = (narrow ? data.short_labels : data.labels)[t];
  pen.text(`day${t}`, [x, height - 14], label, u > 0 ? "label" : "label muted", "middle");
  signedPill(pen, `handed${t}`, x, rows.handed, data.before[t], texts.before[t], wide);
  if (u >= ARRIVED) pill(pen, `da${t}`, x, rows.wire, texts.da[t], data.da[t] === 0 ? "nothing" : "backward", wide);
  if (u < FALLEN) return;
  const edge = y(data.parts[t]), up = data.parts[t] >= 0;
  pen.on("under");
  const area = { x: x - bar / 2, y: Math.min(edge, y(0)), width: bar, height: Math.max(1.5, Math.abs(edge - y(0))) };
  pen.draw(`bar${t}`, "rect", { ...area, class: "part", "data-part": t, "data-value": String(data.parts[t]) });
  pen.on("over");
  pen.text(`part${t}`, [x, up ? edge - 7 : edge + 18], texts.parts[t], "number", "middle");
}

// the product on its way: made between its two factors, down to its place, and as one more part into the sum
function flying(scene, t, u) {
  const { pen, data, texts, rows, mid, y, sumX, wide, T } = scene, x = mid(t), value = data.parts[t];
  if (u < ARRIVED) return;
  const between = (rows.wire + rows.handed) / 2, below = rows.zeroTop + 2, edge = y(value);
  pen.on("over");
  if (u < MADE) {
    const made = part(u, ARRIVED, MADE);
    pen.text(`times${t}`, [x, between + 6], "×", "times", "middle");
    pen.circle(`ring${t}`, [x, between], mix(8, 40, made), "ring", { "stroke-opacity": 1.1 - made });
    return;
  }
  if (u < FALLEN) {
    const fallen = ease(part(u, MADE, FALLEN));
    pill(pen, `fly${t}`, x, mix(below, edge, fallen), texts.parts[t], "backward", wide);
    return;
  }
  const joined = ease(part(u, FALLEN, 1)), before = t + 1 < T ? data.running[t + 1] : 0;
  pill(pen, `fly${t}`, mix(x, sumX, joined), mix(edge, y(mix(before, data.running[t], joined)), joined), texts.parts[t],
    "backward", wide);
}

function total(scene, done, u) {
  const { pen, stage, data, words, texts, narrow, sumX, y, height, T } = scene;
  const t = T - 1 - done, before = done ? data.running[t + 1] : 0;
  const value = u > FALLEN ? mix(before, data.running[t], ease(part(u, FALLEN, 1))) : before, edge = y(value);
  const wide = narrow ? 44 : 74;
  pen.on("over");
  pen.text("sum.name", [sumX, height - 14], narrow ? words.sum_short : words.sum, "label strong", "middle");
  if (stage.locked || (!done && u === 0)) return;
  pen.on("under");
  const area = { x: sumX - wide / 2, y: Math.min(edge, y(0)), width: wide, height: Math.max(2, Math.abs(edge - y(0))) };
  pen.draw("sum.bar", "rect", { ...area, class: "total", "data-value": String(value) });
  pen.on("over");
  const at = [sumX, value >= 0 ? edge - 8 : edge + 19];
  if (done && u < FALLEN) pen.text("sum.number", at, texts.running[t + 1], "number strong", "middle");
}

function pill(pen, key, x, y, text, style, most) {
  const wide = Math.min(Math.max(9 * text.length + 10, 30), most - 2);
  const plate = { x: x - wide / 2, y: y - 13, width: wide, height: 26, rx: 13 };
  pen.draw(`${key}.plate`, "rect", { ...plate, class: `pill ${style}` });
  pen.text(`${key}.text`, [x, y + 5], text, `on ${style}`, "middle");
}

function signedPill(pen, key, x, y, value, text, most) {
  pill(pen, key, x, y, text, "state", most);
  const share = (95 * Math.min(1, Math.abs(value))).toFixed(0), colour = value < 0 ? "negative" : "positive";
  const plate = pen.draw(`${key}.plate`, "rect", {});
  plate.style.fill = `color-mix(in srgb, var(--rnn-${colour}) ${share}%, var(--rnn-background))`;
  pen.text(`${key}.text`, [x, y + 5], text, Math.abs(value) > 0.6 ? "on bold" : "on state", "middle");
}
