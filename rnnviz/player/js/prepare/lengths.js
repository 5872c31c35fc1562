// Sequences of different lengths, a row each: as they are, padded in batches as they come; then each in turn goes over
// into batches by length.

import { doneAt, ease, part, stacked, turn } from "./moments.js";

const GAP = 12; // between batches
const APART = 28; // between both orders
const HEAD = 26; // for their names
const MOST = 38;

export function drawLengths({ pen, width, height, stage, at }) {
  const { sequences, orders, names } = stage;
  const lengths = sequences.map(one => one.length), longest = Math.max(...lengths);
  const high = Math.min(MOST, (height - HEAD - GAP * (orders[0].length - 1) - 8) / sequences.length);
  const wide = Math.min(MOST * 1.6, (width - APART - 8) / (2 * longest));
  const top = (height + HEAD - high * sequences.length - GAP * (orders[0].length - 1)) / 2;
  const padding = ease(doneAt(at, 0)), u = doneAt(at, 1), aside = ease(part(u, 0, 0.15)), going = part(u, 0.15, 1);
  const most = orders.map(batches => batches.map(batch => Math.max(...batch.map(k => lengths[k]))));
  const shift = ((wide * longest + APART) / 2) * aside;
  const left = [-shift, wide * longest + APART - shift].map(by => (width - wide * longest) / 2 + by);
  const places = orders.map(batches => stacked(batches, high, GAP));
  const spot = (order, row) => [left[order], top + places[order][row].y];
  const cell = (/** @type {number[]} */ [x, y], t) =>
    ({ x: x + t * wide + 1, y: y + 1, width: Math.max(2, wide - 2), height: Math.max(2, high - 2), rx: 3 });
  const drawRow = (layer, key, row, from, seen) => sequences[row].forEach((value, t) => {
    pen.on(layer);
    pen.draw(`${key} ${row} ${t}`, "rect", { ...cell(from, t), class: "value", opacity: (0.25 + 0.75 * value) * seen });
  });
  const drawPadding = (order, row, needed) => {
    const from = spot(order, row);
    pen.on("under");
    for (let t = lengths[row]; t < needed; t += 1)
      pen.draw(`padding ${order} ${row} ${t}`, "rect",
        { ...cell(from, t), class: "padding", opacity: Math.min(1, needed - t) });
  };
  names.forEach((name, order) => {
    pen.on("middle");
    if (!order || u > 0) pen.text(`name ${order}`, [left[order] + 2, top - HEAD / 2], name, "head");
  });
  orders[1].flat().forEach((row, k) => {
    const gone = turn(k, sequences.length, going), [from, to] = [spot(0, row), spot(1, row)];
    drawRow("middle", "value", row, from, gone > 0 ? 0.3 : 1);
    drawPadding(0, row, lengths[row] + (most[0][places[0][row].batch] - lengths[row]) * padding);
    if (gone >= 1) {
      drawRow("middle", "sorted", row, to, 1);
      drawPadding(1, row, most[1][places[1][row].batch]);
    } else if (gone > 0) {
      const on = from.map((one, axis) => one + (to[axis] - one) * gone);
      const plate = { ...cell(on, 0), width: wide * lengths[row] - 2, class: "plate" };
      pen.on("over");
      pen.draw(`plate ${row}`, "rect", plate);
      drawRow("over", "going", row, on, 1);
    }
  });
}
