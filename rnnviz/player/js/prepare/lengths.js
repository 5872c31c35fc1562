// Sequences of different lengths, a row each: as they are, padded in batches as they come, and in batches by length.

import { doneAt, ease, stacked } from "./moments.js";

const GAP = 12; // between batches
const MOST = 38;

export function drawLengths({ pen, width, height, stage, at }) {
  const { sequences, orders } = stage, lengths = sequences.map(one => one.length), longest = Math.max(...lengths);
  const high = Math.min(MOST, (height - GAP * (orders[0].length - 1) - 8) / sequences.length);
  const wide = Math.min(MOST * 1.6, (width - 8) / longest);
  const top = (height - high * sequences.length - GAP * (orders[0].length - 1)) / 2;
  const left = Math.max(4, (width - wide * longest) / 2);
  const [before, after] = orders.map(batches => stacked(batches, high, GAP));
  const padding = ease(doneAt(at, 0)), sorted = ease(doneAt(at, 1));
  const most = orders.map(batches => batches.map(batch => Math.max(...batch.map(k => lengths[k]))));
  sequences.forEach((values, row) => {
    const y = top + before[row].y + (after[row].y - before[row].y) * sorted;
    const width1 = most[0][before[row].batch], width2 = most[1][after[row].batch];
    const needed = lengths[row] + (width1 + (width2 - width1) * sorted - lengths[row]) * padding;
    for (let t = 0; t < longest; t += 1) {
      const size = { width: Math.max(2, wide - 2), height: Math.max(2, high - 2), rx: 3 };
      const place = { x: left + t * wide + 1, y: y + 1, ...size };
      const key = `${row} ${t}`;
      if (t < lengths[row]) {
        pen.on("middle");
        pen.draw(`value ${key}`, "rect", { ...place, class: "value", opacity: 0.25 + 0.75 * values[t] });
      } else if (t < needed) {
        pen.on("under");
        pen.draw(`padding ${key}`, "rect", { ...place, class: "padding", opacity: Math.min(1, needed - t) });
      }
    }
  });
}
