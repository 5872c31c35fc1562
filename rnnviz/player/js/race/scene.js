// One picture of the race: the heads of the columns, every lane, and the axes below.

import { drawAxis, drawAxisNames, drawBar, drawDots } from "./arrive.js";
import { drawForward, drawStateAxis } from "./forward.js";
import { drawPulse } from "./pulse.js";
import { stepX, ticks } from "./layout.js";
import { at, ease } from "./moments.js";
import { fill } from "../transport/bar.js";

const LEGEND = 19; // pixels below the heads: what height and thickness mean

/** Where each lane stands, counted from the top: as it was given, and in the order of its rank once that is shown. */
export function places(order, share) {
  const ranked = order.map((_, lane) => order.indexOf(lane));
  return ranked.map((to, lane) => lane + (to - lane) * ease(share));
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {any} state of race.js
 */
export function drawScene(pen, state) {
  const { view, data } = state;
  const now = at(state.at, data.T);
  const standing = places(data.order, now.ranked);
  pen.begin();
  if (!view.narrow) drawAxis(pen, view, view.head - 3, view.height - view.foot + 3);
  drawHeads(pen, state);
  const moving = now.ranked > 0 && now.ranked < 1;
  // while they change places, the one that comes out first passes over the others
  for (const lane of [...data.order].reverse()) drawLane(pen, state, lane, standing[lane], now, moving);
  drawFoot(pen, state);
}

function drawLane(pen, state, lane, place, now, moving) {
  const { view, data, chosen, over } = state;
  const { colours } = pen;
  const y = view.head + place * view.high;
  const lit = data.lanes[lane].id === chosen || over === lane;
  if (moving) pen.rect(0, y, view.width, view.high, colours.background);
  if (lit) pen.rect(0, y + 1, view.width, view.high - 2, colours.soft, 8);
  if (place > 0.5) pen.line(0, y, view.width, y, colours.line);
  if (view.narrow) {
    drawAxis(pen, view, y + view.bands.bar[0] - 9, y + view.bands.names - 8);
    drawAxisNames(pen, view, y + view.bands.names);
  } else if (moving || lit) drawAxis(pen, view, y, y + view.high);
  drawForward(pen, state, view, state.images[lane], lane, y, now);
  drawStateAxis(pen, data, view, y);
  drawPulse(pen, state, view, lane, y, now);
  drawDots(pen, state, view, lane, y, now.seeds, state.dots[lane]);
  drawBar(pen, state, view, lane, y, now);
}

/** What each column shows, and which way each pass runs. */
function drawHeads(pen, { view, words }) {
  const { colours } = pen;
  const [left, right] = view.time;
  const y = view.narrow ? view.head / 2 - 2 : view.text / 2 + 4;
  pen.text(`${words.forward} →`, left, y, { colour: colours.forward, bold: true });
  pen.text(`← ${words.backward}`, right, y, { colour: colours.backward, bold: true, align: "right" });
  if (view.narrow) return;
  pen.text(words.arrives, view.arrive[0], y, { colour: colours.backward, bold: true });
  const look = { colour: colours.muted, px: 14 };
  const wide = [words.units, words.norm].map(one => pen.wide(one, look));
  pen.text(words.units, left, y + LEGEND, look);
  if (wide[0] + wide[1] + 16 < right - left) pen.text(words.norm, right, y + LEGEND, { ...look, align: "right" });
}

function drawFoot(pen, { view, data, words }) {
  const y = view.height - view.foot / 2;
  const { muted } = pen.colours;
  if (view.narrow) {
    pen.text(words.arrives, view.arrive[0] - 4, y, { colour: muted, px: 14 });
    return;
  }
  drawAxisNames(pen, view, y);
  ticks(data.T).forEach((step, k) => {
    const first = k === 0;
    pen.text(first ? fill(words.step, { step }) : String(step), stepX(view, data.T, step), y,
      { align: "center", colour: muted, px: 14 });
  });
}
