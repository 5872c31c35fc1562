// Numbers against the updates: what was, strongly up to now; what is known to come, and what was before, palely.

import { number, superscript } from "../core/numbers.js";
import { fill } from "../transport/bar.js";
import { approach, decades, ends, look, measure, note, ticks, unseen } from "./axes.js";
import { drawLineName } from "./names.js";
import { head, stroke, thinned, valve } from "./strokes.js";

/**
 * The frame at which a baseline is left: the first at which the mean of the last `over` numbers is below `share` of it.
 * As `leaves` in learn.py.
 * @param {(frame: number) => number} value
 */
export function leaving(value, frames, line, share, over) {
  let sum = 0;
  let count = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const one = value(frame);
    if (Number.isNaN(one)) continue;
    sum += one;
    count += 1;
    if (count > over) sum -= value(frame - over);
    if (count >= over && sum < share * line * over) return frame;
  }
  return null;
}

/** The mean of the last `over` numbers up to a frame; at first of the later half, so that none goes out all at once. */
export function meanOf(value, frame, over) {
  const many = Math.min(over, Math.ceil((frame + 1) / 2));
  let sum = 0;
  let count = 0;
  for (let one = frame - many + 1; one <= frame; one += 1) {
    const known = value(one);
    if (Number.isNaN(known)) continue;
    sum += known;
    count += 1;
  }
  return count ? sum / count : NaN;
}

/** The numbers of a lane, frame by frame; before a fork, those of the lane that it was forked of. */
export function valuesOf({ lanes, records }, name, index) {
  const { fork, begins } = lanes[index];
  const parent = fork ? lanes.findIndex(({ id }) => id === fork.of) : -1;
  const before = parent >= 0 ? valuesOf({ lanes, records }, name, parent) : () => NaN;
  return frame => (frame < begins ? before(frame) : records.at(name, index, frame));
}

/** The running means of a line, frame by frame; each is worked out once. */
function meansOf(scene, panel, { name, lane }) {
  const { state, frames } = scene;
  const known = (state.means[`${panel.id} ${name} ${lane}`] ??= []);
  const value = valuesOf(scene, name, lane);
  for (let frame = known.length; frame < frames; frame += 1) known.push(meanOf(value, frame, panel.smooth));
  return known;
}

/** The axis of a panel as it is shown now: {low, high, log}; it moves to where it has to be. */
export function axisOf(scene, panel, names = panel.of) {
  const { state, records, frames } = scene;
  const kept = (state.axes[panel.id] ??= { seen: unseen(), shown: null });
  const log = panel.scale === "log";
  look(kept.seen, records, names, frames - 1, log);
  const seen = { ...kept.seen };
  for (const { value } of panel.lines ?? []) note(seen, value, log);
  const usual = Math.max(...(panel.lines ?? []).map(({ value }) => Math.abs(value)), Math.abs(kept.seen.first) || 0);
  const wanted = ends({ log, low: panel.low ?? null, high: panel.high ?? null }, seen, usual);
  const empty = nothing(state, panel);
  if (empty || !kept.shown || scene.calm) kept.shown = { low: wanted[0], high: wanted[1] };
  else if (!approach(kept.shown, wanted, scene.seconds)) scene.unsettled = true;
  const shown = { ...kept.shown, log };
  if (empty) kept.shown = null; // the first number finds its axis where it has to be
  return shown;
}

const BEYOND = 4; // pixels
const MARKS = 10; // of an axis, however high it is

/** Where a value stands in a box; what is beyond the axis is seen to run along its edge, just outside. */
export function placeY({ low, high, log }, box) {
  return value => {
    const y = box.y + box.h * (1 - (measure(log, value) - low) / (high - low));
    return Math.min(box.y + box.h + (log && value <= 0 ? 0 : BEYOND), Math.max(box.y - BEYOND, y));
  };
}

export function drawYAxis(pen, axis, box, px) {
  const { colours } = pen;
  const y = placeY(axis, box);
  const count = Math.min(MARKS, Math.max(2, Math.floor(box.h / 34)));
  const marks = axis.log ? decades(axis.low, axis.high, count).map(power => 10 ** power)
    : ticks(axis.low, axis.high, count);
  for (const value of marks) {
    pen.line(box.x, y(value), box.x + box.w, y(value), colours.line, 0.75);
    pen.text(markText(value, axis.log), box.x - 7, y(value), { align: "right", colour: colours.muted, px });
  }
}

function markText(value, log) {
  const power = Math.round(Math.log10(value));
  if (log && (power < -3 || power > 4)) return `10${superscript(power)}`;
  return log ? String(Number(value.toPrecision(3))) : number(value, 3).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** The updates along the foot of a box, with the line that says where it stands. */
export function drawXAxis(scene, box, px) {
  const { pen, state } = scene;
  const { limit, every } = state.stage;
  const last = limit / every;
  const wide = pen.wide(String(limit), { px });
  for (const update of ticks(0, limit, Math.max(2, Math.floor(box.w / Math.max(70, wide + 34))))) {
    const x = box.x + (update / limit) * box.w;
    pen.line(x, box.y + box.h, x, box.y + box.h + 4, pen.colours.muted, 1);
    const align = x + wide / 2 > box.x + box.w + 12 ? "right" : "center";
    pen.text(String(update), align === "right" ? box.x + box.w + 12 : x, box.y + box.h + 14,
      { align, colour: pen.colours.muted, px });
  }
  pen.line(box.x, box.y + box.h, box.x + box.w, box.y + box.h, pen.colours.muted, 1);
  const x = box.x + (scene.at / last) * box.w;
  pen.line(x, box.y - 4, x, box.y + box.h, pen.colours.muted, 1, [3, 3]);
}

export function drawCurve(scene, panel, box) {
  const { pen, state, text } = scene;
  const axis = axisOf(scene, panel);
  const px = Math.max(14, text - 1);
  const y = placeY(axis, box);
  drawXAxis(scene, box, px);
  if (nothing(state, panel)) drawSince(scene, box, px);
  if (!nothing(state, panel) || panel.lines.length) drawYAxis(pen, axis, box, px);
  const named = panel.lines.some(({ label }) => label) ? pointsOf(scene, panel, box, y) : [];
  pen.within([box.x - 8, box.y - 8, box.w + 20, box.h + 9], () => {
    for (const { value } of panel.lines)
      pen.line(box.x, y(value), box.x + box.w, y(value), pen.colours.muted, 1.5, [6, 5]);
    for (const mark of panel.marks) drawMark(scene, mark, box, px);
    for (const line of panel.lines) drawLineName(scene, line, box, y(line.value), named, namesOf(state, panel));
    if (scene.ghost) for (const series of seriesOf(scene, panel)) drawGhost(scene, series, box, y);
    if (panel.between) drawBetween(scene, panel, box, y);
    for (const series of seriesOf(scene, panel)) drawSeries(scene, panel, series, box, y);
  });
  if (panel.leaves && !state.stage.locked) drawLeaving(scene, panel, box, y);
}

/** An update from which on something is otherwise, and what. */
function drawMark({ pen, state }, { label, at }, box, px) {
  const x = box.x + (at / state.stage.limit) * box.w;
  pen.line(x, box.y, x, box.y + box.h, pen.colours.muted, 1.5, [6, 5]);
  pen.text(label, x + 6, box.y + box.h - 10, { colour: pen.colours.muted, px, plate: true });
}

/** Whether none of its numbers is known yet. */
const nothing = (state, { id }) => !Number.isFinite(state.axes[id].seen.least);

/** When its first number will come. */
function drawSince({ pen, state: { words, stage } }, box, px) {
  const here = fill(words.update, { update: stage.every });
  const look = { align: "center", colour: pen.colours.muted, px };
  pen.text(fill(words.since, { here }), box.x + box.w / 2, box.y + box.h / 2, look);
}

/** Every line of a panel: whose number, in which look; the first names are paler unless each has a hue of its own. */
export function seriesOf({ lanes, pen }, panel) {
  return lanes.flatMap((lane, index) => panel.of.map((name, k) => {
    const hued = panel.hues?.[k];
    const last = k === panel.of.length - 1;
    const first = hued || panel.of.length === 1 || last;
    return {
      name, lane: index, begins: lane.begins, alpha: lane.alpha, dash: lane.dash,
      colour: pen.colours[hued ?? lane.hue], width: first ? 2.25 : 1.5, strength: first ? 1 : 0.5, head: first,
    };
  }));
}

const across = ({ state }, box) => {
  const last = state.stage.limit / state.stage.every;
  return frame => box.x + (frame / last) * box.w;
};

/** What the last run came to, before it was rewound: the same numbers, if all is right. */
function drawGhost(scene, series, box, y) {
  const { pen, ghost } = scene;
  const x = across(scene, box);
  const points = thinned(series.begins, ghost.frames - 1, x, frame => y(ghost.at(series.name, series.lane, frame)));
  stroke(pen, points, { ...series, width: 1.5, alpha: 0.22 * series.alpha });
}

function drawSeries(scene, panel, series, box, y) {
  const { pen, records, at, frames } = scene;
  const x = across(scene, box);
  const value = frame => records.at(series.name, series.lane, frame);
  const whole = Math.floor(at);
  const smooth = panel.smooth > 1;
  if (at < series.begins) return;
  const past = thinned(series.begins, whole, x, frame => y(value(frame)));
  const now = y(value(whole)) + (y(records.between(series.name, series.lane, at)) - y(value(whole)));
  past.push([x(at), between(y(value(whole)), y(value(whole + 1)), at - whole)]);
  if (frames - 1 > whole)
    stroke(pen, thinned(Math.max(whole, series.begins), frames - 1, x, frame => y(value(frame))),
      { ...series, width: 1.5, alpha: 0.25 * series.alpha * series.strength });
  stroke(pen, past, { ...series, width: smooth ? 1.25 : series.width,
    alpha: series.alpha * series.strength * (smooth ? 0.5 : 1) });
  const { begins, colour } = series;
  const first = smooth ? meansOf(scene, panel, series)[begins] : value(begins);
  if (begins > 0) pen.dot(x(begins), y(first), 4, pen.colours.background, colour, 2);
  if (smooth) drawMean(scene, panel, series, box, y);
  else if (series.head) drawHead(scene, panel, series, x(at), Number.isNaN(past.at(-1)[1]) ? now : past.at(-1)[1]);
}

/** Where a line stands now: of a gate, how open it is. */
function drawHead(scene, panel, series, x, y) {
  const { pen, records, at } = scene;
  if (panel.valves) valve(pen, x, y, records.between(series.name, series.lane, at), series);
  else pen.faded(series.alpha, () => head(pen, x, y, series.colour, scene));
}

/** What lies between the first number and the last: what clipping has taken away. */
function drawBetween(scene, { of }, box, y) {
  const { pen, records, at, lanes } = scene;
  if (lanes.length > 1) return;
  const x = across(scene, box);
  const whole = Math.floor(at);
  const line = name =>
    thinned(0, whole, x, frame => y(records.at(name, 0, frame))).filter(([, one]) => !Number.isNaN(one));
  const points = [...line(of[0]), ...line(of.at(-1)).reverse()];
  if (points.length > 2) pen.faded(0.22, () => pen.area(points, pen.colours.backward));
}

function drawMean(scene, panel, series, box, y) {
  const { pen, at } = scene;
  const x = across(scene, box);
  const means = meansOf(scene, panel, series);
  const mean = frame => y(means[frame] ?? NaN);
  const whole = Math.floor(at);
  const points = thinned(series.begins, whole, x, mean);
  points.push([x(at), between(mean(whole), mean(Math.min(whole + 1, scene.frames - 1)), at - whole)]);
  stroke(pen, points, { ...series, alpha: series.alpha });
  head(pen, ...points.at(-1), series.colour, scene);
}

const between = (from, to, share) => (share <= 0 || Number.isNaN(to) ? from : from + (to - from) * share);

const namesOf = (state, { id }) => (state.axes[id].names ??= {});

/** Where all curves of a panel pass, as far as they are known, and what is written where a line is left. */
function pointsOf(scene, panel, box, y) {
  const x = across(scene, box);
  const found = [];
  for (const series of seriesOf(scene, panel))
    for (let frame = series.begins; frame < scene.frames; frame += 1)
      found.push([x(frame), y(scene.records.at(series.name, series.lane, frame))]);
  const line = panel.lines.find(({ label }) => label && label === panel.leaves);
  const left = line && scene.lanes.length === 1
    ? leaving(valuesOf(scene, panel.of[0], 0), scene.frames, line.value, panel.share, panel.over) : null;
  if (left !== null)
    for (let k = -12; k <= 12; k += 1) found.push([x(left) + 10 * k, y(line.value) - 12]);
  return found;
}

/** A mark where a lane's loss has left the baseline, as soon as it has been seen. */
function drawLeaving(scene, panel, box, y) {
  const { pen, lanes, state } = scene;
  const line = panel.lines.find(({ label }) => label === panel.leaves);
  if (!line) return;
  lanes.forEach((lane, index) => {
    const value = valuesOf(scene, panel.of[0], index);
    const frame = leaving(value, Math.floor(scene.at) + 1, line.value, panel.share, panel.over);
    if (frame === null || frame < lane.begins) return;
    const x = across(scene, box)(frame);
    const colour = pen.colours[lane.hue];
    pen.faded(lane.alpha, () => {
      pen.line(x, y(line.value) - 9, x, y(line.value) + 9, colour, 2.5);
      if (lanes.length > 1) return;
      const said = fill(state.words.leaves, { update: frame * state.stage.every });
      const room = x + pen.wide(said, { px: 14 }) + 10 < box.x + box.w;
      const look = { colour, px: 14, plate: true, align: room ? "left" : "right" };
      pen.text(said, x + (room ? 7 : -7), y(line.value) - 15, look);
    });
  });
}
