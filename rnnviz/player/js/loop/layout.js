// Where things stand: two drawings, a wide one and one for a phone, both in units that are scaled to the stage.

import { clamp } from "./shapes.js";

const SMALLEST = 14.1; // CSS px
const LARGE = 18.2; // the same on a projector
/** CSS px: below this the second drawing. */
export const NARROW = 640;

/** @typedef {ReturnType<typeof desk>} View */

/**
 * @param {{width: number, height: number, head: number, large: boolean}} room the picture in CSS px; of it, the
 *   equation's height; whether type is large
 * @param {number} count how many steps the tape has
 * @param {boolean} under whether what is drawn stands under the equation
 * @returns a view: W x H units of k CSS px, and the places of all parts
 */
export function layout({ width, height, head, large }, count, under) {
  const narrow = width < NARROW;
  const base = narrow ? 366 : 840;
  const k = narrow ? clamp(width / base, 0.5, 1.3) : Math.min(width / base, (height - head) / 470, 1.6);
  const W = width / k;
  const H = height / k;
  const left = (W - base) / 2;
  const small = Math.max(narrow ? 14.2 : 14.5, (large && !narrow ? LARGE : SMALLEST) / k);
  const text = Math.max(17, small);
  const big = small > 16;
  const shared = { narrow, k, W, H, left, base, small, text, big, count, head: head / k, roof: under ? head / k : 0 };
  return narrow ? phone(shared) : desk(shared);
}

function slots({ left, count }, room, indent) {
  const pitch = room / count;
  return { pitch, slot: i => left + indent + pitch * (i + 0.5) };
}

function desk(view) {
  const { H, left, head, roof, big, text } = view;
  const tapeHeight = big ? 84 : 70;
  const tape = H - tapeHeight - 4;
  const middle = head + Math.max(190, (tape - head) * 0.47);
  const main = middle - head + roof;
  return {
    ...view,
    ...slots(view, 784, 29),
    tape,
    tapeHeight,
    main,
    top: roof + Math.max(34, (H - roof) * 0.085),
    cell: { left: left + 128, right: left + 692, up: 118, down: 142 },
    recurrent: left + 206,
    sum: left + 346,
    curve: { x: left + 532, width: 186, height: 200 },
    beside: 62,
    box: 66,
    size: text,
    gate: { width: big ? 94 : 82, height: big ? 40 : 36 },
    weighed: main + 88,
    bias: main - 88,
    row: middle + (tape - middle) * 0.1,
    hop: 30,
    plus: 20,
    chips: 70,
  };
}

function phone(view) {
  const { H, left, head, roof } = view;
  const tape = H - 59;
  const top = roof + 27;
  const tall = clamp(tape - 22 - (top + 19), 138, 216);
  const main = top + 19 + tall * 0.45;
  const middle = main - roof + head;
  return {
    ...view,
    ...slots(view, 360, 2.5),
    tape,
    tapeHeight: 56,
    main,
    top,
    cell: { left: left + 30, right: left + 336, up: tall * 0.45, down: tall * 0.55 },
    recurrent: left + 69,
    sum: left + 173,
    curve: { x: left + 273, width: 106, height: Math.min(126, tall * 0.76) },
    beside: 19,
    box: 34,
    size: 15,
    gate: { width: 66, height: 30 },
    weighed: main + tall * 0.4,
    bias: main - tall * 0.34,
    row: middle + (tape - middle) * 0.12,
    hop: 12,
    plus: 15,
    chips: 44,
  };
}
