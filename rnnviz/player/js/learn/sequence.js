// What a network answers at each step of a sequence, beside what it should: the gap between them is the error.

import { axisOf, drawYAxis, placeY } from "./curves.js";
import { note, unseen } from "./axes.js";
import { drawStepMarks } from "./steps.js";
import { head, stroke } from "./strokes.js";

export function drawSequence(scene, panel, box) {
  const { pen, text, state } = scene;
  const px = Math.max(14, text - 1);
  const T = panel.targets.length;
  const high = panel.inputs ? Math.min(30, box.h * 0.2) : 0;
  const plot = { ...box, h: box.h - (high ? high + 8 : 0) };
  const axis = axisOf(scene, withTargets(state, panel));
  const y = placeY(axis, plot);
  const x = step => box.x + ((step + 0.5) / T) * box.w;
  drawYAxis(pen, axis, plot, px);
  if (high) drawInputs(pen, panel, { ...box, y: box.y + box.h - high, h: high }, x);
  drawStepMarks(pen, T, box, x, px, state.words.step);
  const asked = step => !panel.asked || panel.asked[step];
  pen.within([box.x - 8, plot.y - 8, box.w + 16, plot.h + 16], () => {
    drawInitial(scene, panel, T, x, y);
    drawErrors(scene, panel, T, x, y, asked);
    drawTargets(pen, panel, T, x, y, asked);
    scene.lanes.forEach((lane, index) => drawAnswers(scene, panel, lane, index, T, x, y, asked));
  });
}

/** What the lines are, at the right of the title: the target, what one network says, and what it said untrained. */
export function drawSequenceLegend(scene, right, y, room) {
  const { pen, state, lanes, at } = scene;
  const { target, prediction, initial } = state.words;
  const hue = pen.colours[lanes[0].hue];
  const parts = [{ said: target, colour: pen.colours.muted, width: 5, alpha: 0.45 }];
  if (lanes.length === 1) parts.push({ said: prediction, colour: hue, width: 2.25, alpha: 1 });
  if (lanes.length === 1 && at > 0) parts.push({ said: initial, colour: hue, width: 1.25, alpha: 0.6, dash: [2, 4] });
  const wide = parts.map(({ said }) => pen.wide(said, { px: 14 }) + 46);
  while (parts.length && wide.reduce((sum, one) => sum + one, 0) > room) {
    parts.pop();
    wide.pop();
  }
  let x = right - wide.reduce((sum, one) => sum + one, 0) + 14;
  parts.forEach(({ said, ...how }, k) => {
    stroke(pen, [[x, y], [x + 22, y]], how);
    pen.text(said, x + 28, y, { colour: pen.colours.muted, px: 14 });
    x += wide[k];
  });
}

/** Its axis holds the targets, too. */
function withTargets(state, panel) {
  if (panel.lines) return panel;
  const seen = unseen();
  for (const target of panel.targets) note(seen, target, false);
  const pad = 0.05 * (seen.most - seen.least || 1);
  panel.lines = [{ value: seen.least - pad }, { value: seen.most + pad }];
  return panel;
}

function drawInputs(pen, panel, { y, h }, x) {
  const most = Math.max(...panel.inputs.map(Math.abs)) || 1;
  const wide = Math.max(1, x(1) - x(0) - 1);
  panel.inputs.forEach((value, step) => {
    pen.faded(Math.min(1, Math.abs(value) / most), () =>
      pen.rect(x(step) - wide / 2, y, wide, h, value < 0 ? pen.colours.negative : pen.colours.positive, 2));
  });
}

const NEAR = 7; // pixels between steps: nearer than that there are lines alone

function drawTargets(pen, { targets }, T, x, y, asked) {
  const dots = x(1) - x(0) > NEAR;
  const points = targets.map((target, step) => [x(step), asked(step) ? y(target) : NaN]);
  stroke(pen, points, { colour: pen.colours.muted, width: 5, alpha: 0.35 });
  if (!dots && points.filter(([, at]) => !Number.isNaN(at)).length > T / 2) return;
  for (const [px, py] of points)
    if (!Number.isNaN(py)) pen.dot(px, py, 5, pen.colours.background, pen.colours.muted, 2);
}

/** What it answered before it had learned anything. */
function drawInitial({ pen, records, lanes, at }, panel, T, x, y) {
  if (at <= 0 || lanes.length > 1) return;
  const points = Array.from({ length: T }, (_, step) => [x(step), y(records.at(panel.of[0], 0, 0, step))]);
  stroke(pen, points, { colour: pen.colours[lanes[0].hue], width: 1.25, dash: [2, 4], alpha: 0.5 });
}

/** From each answer to its target, where there is room to see one lane's. */
function drawErrors({ pen, records, lanes, at }, panel, T, x, y, asked) {
  if (lanes.length > 1) return;
  const wide = Math.min(7, Math.max(1.5, (x(1) - x(0)) * 0.45));
  for (let step = 0; step < T; step += 1) {
    if (!asked(step)) continue;
    const answer = y(records.between(panel.of[0], 0, at, step));
    if (Number.isNaN(answer)) continue;
    const target = y(panel.targets[step]);
    pen.faded(0.3, () =>
      pen.rect(x(step) - wide / 2, Math.min(answer, target), wide, Math.abs(answer - target), pen.colours.backward));
  }
}

function drawAnswers(scene, panel, lane, index, T, x, y, asked) {
  const { pen, records, at } = scene;
  if (at < lane.begins) return;
  const colour = pen.colours[lane.hue];
  const answers = Array.from({ length: T }, (_, step) => [x(step), y(records.between(panel.of[0], index, at, step))]);
  stroke(pen, answers, { colour, width: 2.25, dash: lane.dash, alpha: lane.alpha });
  if (x(1) - x(0) <= NEAR && scene.lanes.length > 1) return;
  pen.faded(lane.alpha, () => answers.forEach(([px, py], step) => {
    if (asked(step)) head(pen, px, py, colour, { radius: x(1) - x(0) > NEAR ? 4 : 2.5 });
  }));
}
