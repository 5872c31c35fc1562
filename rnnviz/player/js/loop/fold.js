// Folding as one continuous movement: the cell shrinks, then moves through time and leaves a copy at each step, while
// the loop opens into the wire from each copy to the next.

import { ease, lerp, moment, part, phase, rounded } from "./shapes.js";

const SHRUNK = 0.36; // the share of the fold in which the cell shrinks; in the rest the copies are dealt

/**
 * All about one moment of one unit's picture: where in time, how far unrolled, and where things stand therefore.
 * @param {import("./layout.js").View} view
 * @param {{at: number, fold: number, count: number, begin: number | null, build: boolean}} place
 */
export function pose(view, { at, fold, count, begin, build }) {
  const time = moment(at, count, begin);
  const shrink = ease(part(fold, 0, SHRUNK));
  const deal = ease(part(fold, SHRUNK, 1));
  const y = lerp(view.main, view.row, shrink);
  const front = deal * view.pitch * count;
  const half = view.box / 2;
  const centre = i => view.slot(0) + Math.min(view.pitch * i, front);
  const box = i => ({
    left: lerp(view.cell.left, centre(i) - half, shrink),
    right: lerp(view.cell.right, centre(i) + half, shrink),
    top: lerp(y - view.cell.up, y - half, shrink),
    bottom: lerp(y + view.cell.down, y + half, shrink),
  });
  const folded = fold < 0.02;
  const open = fold > 0.985;
  return {
    ...time,
    at,
    fold,
    count,
    shrink,
    deal,
    y,
    front,
    centre,
    box,
    folded,
    open,
    packed: fold < SHRUNK,
    inside: 1 - part(fold, 0, 0.13), // of the big cell: fades first
    phase: k => phase(time.f, k),
    stacked: i => fold < SHRUNK || front < view.pitch * i + 4,
    done: i => at >= i + 1,
    loopTop: lerp(view.top, y - (view.narrow ? 56 : 100), shrink),
    // a part of the machine stays pale until the signal reaches it, at this share of the very first step
    built: share => (build && time.step === 0 && !time.rest ? lerp(0.2, 1, part(time.f, share - 0.03, share)) : 1),
    glow: fold < SHRUNK ? (time.rest ? 0 : 1 - part(time.f, 0.95, 1)) : 1,
  };
}

/** The wire from copy i to the next: a loop while there is but one copy, straight when the next has been dealt. */
function loopPath(view, now, i) {
  const box = now.box(i);
  const last = i === now.count - 1;
  const half = view.box / 2;
  const next = view.slot(0) + Math.min(view.pitch * (i + 1), now.front);
  const opened = (next - now.centre(i)) / view.pitch;
  const beside = lerp(view.beside, (view.pitch - view.box) / 2, now.shrink);
  const end = opened > 0 ? next - half : box.left;
  if (opened > 0.995)
    return [
      [box.right, now.y],
      [last ? box.right + (view.narrow ? 5 : 20) : end, now.y],
    ];
  const rise = now.y - (now.y - now.loopTop) * (1 - ease(Math.min(1, opened)));
  return [
    [box.right, now.y],
    [box.right + beside, now.y],
    [box.right + beside, rise],
    [end - beside, rise],
    [end - beside, now.y],
    [end, now.y],
  ];
}

/** From the tape to the cell of step i. */
export function inputPath(view, now, i) {
  const into = lerp(view.sum, now.centre(i), now.shrink);
  const bend = view.tape - view.hop;
  return [
    [view.slot(i), view.tape],
    [view.slot(i), bend],
    [into, bend],
    [into, lerp(view.weighed + view.gate.height / 2, now.box(i).bottom, now.shrink)],
  ];
}

export function drawWires(pen, view, now, opacity) {
  const { glow } = now;
  for (let i = 0; i < now.count; i++) {
    if (i > 0 && now.front < view.pitch * i - 0.01) break;
    const last = i === now.count - 1;
    const lit = now.open && !last ? part(now.at - (i + 1), 0, 0.34) : 0;
    pen.wire(`loop${i}`, rounded(loopPath(view, now, i), 22), { opacity, lit, glow });
    if (now.open && last) pen.arrow("onward", now.box(i).right + (view.narrow ? 6 : 22), now.y, 0, opacity);
  }
  if (now.folded) {
    pen.arrow("up", view.cell.right + view.beside, lerp(now.y, view.top, 0.45), -90, opacity);
    pen.arrow("down", view.cell.left - view.beside, lerp(view.top, now.y, 0.5), 90, opacity);
  }
  for (let i = 0; i < now.count; i++) drawInputWire(pen, view, now, i, opacity);
}

function drawInputWire(pen, view, now, i, opacity) {
  const here = i === now.step;
  const leaving = here && now.fold < 0.4 ? 1 - part(now.fold, 0.2, SHRUNK) : 0;
  const dealt =
    i === 0
      ? part(now.fold, SHRUNK, 0.4)
      : part(now.front, view.pitch * i - 30, view.pitch * i + 5) * part(now.fold, SHRUNK, 0.42);
  const seen = Math.max(now.folded ? Number(here) : leaving, dealt);
  let lit = 0;
  if (now.open) lit = now.done(i) ? 1 : here ? part(now.f, 0, 0.38) : 0;
  else if (now.folded) lit = ease(now.phase(0));
  pen.wire(`input${i}`, rounded(inputPath(view, now, i), 14), {
    opacity: seen * opacity,
    lit,
    glow: now.glow,
    width: 8,
  });
}
