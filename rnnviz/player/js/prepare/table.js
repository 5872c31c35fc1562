// A raw table above, what becomes of it below: row by row each cell goes down, and is a number there, or is refused.

import { doneAt, ease, part } from "./moments.js";

const GAP = 34; // between both tables
const MOST = 44;

export function drawTable({ pen, width, height, narrow, text, stage, at }) {
  const { head, rows, outputs, cells } = stage;
  const high = Math.min(MOST, (height - GAP - 6) / (2 * rows.length + 2));
  const top = Math.max(2, (height - GAP - high * (2 * rows.length + 2)) / 2);
  const below = top + high * (rows.length + 1) + GAP;
  const across = (k, many) => ((k + 0.5) * width) / many;
  const raw = (row, k) => [across(k, head.length), top + high * (row + 1.5)];
  const made = (row, k) => [across(k, outputs.length), below + high * (row + 1.5)];
  pen.on("middle");
  head.forEach((name, k) => pen.text(`head ${k}`, [across(k, head.length), top + high / 2], name, "head", "middle"));
  outputs.forEach(([name], k) =>
    pen.text(`output ${k}`, [across(k, outputs.length), below + high / 2], name, "head", "middle"));
  pen.line("rule", [0, top + high], [width, top + high], "rule");
  pen.line("rule below", [0, below + high], [width, below + high], "rule");
  rows.forEach((row, r) => {
    const u = doneAt(at, r);
    if (u > 0 && u < 1) {
      pen.on("under");
      pen.draw("lit", "rect", { x: 0, y: top + high * (r + 1) + 1, width, height: high - 2, rx: 6, class: "lit" });
      pen.on("middle");
    }
    row.forEach((said, k) => pen.text(`raw ${r} ${k}`, raw(r, k), said, u > 0 ? "" : "muted", "middle"));
    outputs.forEach(([, of], k) => {
      const size = [width / outputs.length - (narrow ? 4 : 10), high - 5];
      drawMade(pen, `${r} ${k}`, cells[r][k], made(r, k), size, part(u, 0.55, 0.8));
      if (u > 0 && u < 0.6 && flies(outputs, cells[r], k))
        drawFlight(pen, `${r} ${k}`, { said: row[of], size: text }, raw(r, of), made(r, k), ease(part(u, 0, 0.6)));
    });
  });
}

/** A cell that becomes several goes to those that are not 0. */
export const flies = (outputs, cells, k) =>
  cells[k].value !== 0 || outputs.filter(([, of]) => of === outputs[k][1]).length === 1;

// on a plate, so that it can be read where it passes others
function drawFlight(pen, key, { said, size }, from, to, u) {
  const place = [from[0] + (to[0] - from[0]) * u, from[1] + (to[1] - from[1]) * u];
  const [width, height] = [said.length * size * 0.56 + 12, size * 1.3];
  pen.on("over");
  const plate = { x: place[0] - width / 2, y: place[1] - height / 2, width, height, rx: 4, class: "plate" };
  pen.draw(`plate ${key}`, "rect", plate);
  pen.text(`flight ${key}`, place, said, "forward", "middle");
  pen.on("middle");
}

// a number on its colour; what is refused has a cross
function drawMade(pen, key, { text, value }, middle, size, shown) {
  const [x, y] = middle, [wide, high] = size;
  if (!shown) return;
  const place = { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 5, opacity: shown };
  if (value === null) {
    pen.draw(`made ${key}`, "rect", { ...place, class: "refused" });
    const r = Math.min(7, high / 3);
    pen.draw(`cross ${key}`, "path", { d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}`,
      class: "cross", opacity: shown });
    return;
  }
  const strength = Math.min(1, Math.abs(value)) * 0.45;
  pen.draw(`made ${key}`, "rect", { ...place, class: value < 0 ? "negative" : "positive", opacity: shown * strength });
  pen.draw(`edge ${key}`, "rect", { ...place, class: "box" });
  pen.text(`said ${key}`, [x, y], text, "", "middle");
}
