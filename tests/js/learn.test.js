// The live stage's pure parts: what is known of a run, its axes, its places, and how fast it goes.

import assert from "node:assert/strict";
import test from "node:test";
import { approach, decades, ends, look, ticks, unseen } from "../../rnnviz/player/js/learn/axes.js";
import { contours } from "../../rnnviz/player/js/learn/contours.js";
import { leaving, meanOf, placeY } from "../../rnnviz/player/js/learn/curves.js";
import { inner, layout } from "../../rnnviz/player/js/learn/layout.js";
import { emptiest, placesOf } from "../../rnnviz/player/js/learn/names.js";
import { alike, createRecords, opened, paired } from "../../rnnviz/player/js/learn/records.js";
import { createRun, endFrame, more, pace, seen } from "../../rnnviz/player/js/learn/run.js";
import { alikeTo } from "../../rnnviz/player/js/learn/skeleton.js";
import { thinned } from "../../rnnviz/player/js/learn/strokes.js";
import { inLines } from "../../rnnviz/player/js/learn/text.js";

const sent = array => btoa(String.fromCharCode(...new Uint8Array(array.buffer)));
const numbers = (...values) => ({ size: 1, type: "f8", data: sent(Float64Array.from(values)) });
const arrays = (size, ...values) => ({ size, type: "f4", data: sent(Float32Array.from(values)) });

test("numbers arrive with all their bits", () => {
  const values = [0.1, 1 / 3, 5e-324, -0, 1e308];
  assert.deepEqual([...opened(numbers(...values))], values);
});

test("what was known stays, and what is new is put behind it", () => {
  const records = createRecords(2);
  assert.ok(records.add({ from: 0, frames: 2, records: { loss: numbers(1, 2, 3, 4) } }));
  assert.ok(records.add({ from: 1, frames: 2, records: { loss: numbers(9, 9, 5, 6) } })); // frame 1 once more
  assert.deepEqual([0, 1, 2].map(frame => records.at("loss", 1, frame)), [2, 4, 6]);
  assert.equal(records.frames, 3);
  assert.ok(Number.isNaN(records.at("loss", 0, 3)));
  assert.ok(Number.isNaN(records.at("rho", 0, 0)));
});

test("records with a gap before them are not taken", () => {
  const records = createRecords(1);
  assert.equal(records.add({ from: 3, frames: 1, records: { loss: numbers(1) } }), false);
  assert.equal(records.frames, 0);
});

test("a name that comes later, or grows, leaves what was there", () => {
  const records = createRecords(1);
  records.add({ from: 0, frames: 1, records: { loss: numbers(1), norms: { size: 0, type: "f4", data: "" } } });
  records.add({ from: 1, frames: 2, records: { loss: numbers(2, 3), norms: arrays(2, 1, 2, 3, 4) } });
  assert.ok(Number.isNaN(records.at("norms", 0, 0, 1)));
  assert.deepEqual([records.at("norms", 0, 1, 1), records.at("norms", 0, 2, 0)], [2, 3]);
  assert.equal(records.at("loss", 0, 2), 3);
});

test("many frames that come one by one are all kept", () => {
  const records = createRecords(1);
  for (let n = 0; n < 300; n += 1) records.add({ from: n, frames: 1, records: { loss: numbers(n) } });
  assert.deepEqual([0, 17, 299].map(frame => records.at("loss", 0, frame)), [0, 17, 299]);
});

test("records are alike where every bit is, and other runs of the same names are not", () => {
  const one = { loss: numbers(1, 2), norms: arrays(2, 1, 2) };
  assert.ok(alike(one, { loss: numbers(1, 2), norms: arrays(2, 1, 2) }));
  assert.ok(!alike(one, { loss: numbers(1, 2 + 2 ** -51), norms: arrays(2, 1, 2) }));
  assert.ok(!alike(one, { loss: numbers(1, 2) }));
  assert.ok(!alike(one, { loss: numbers(1, 2), other: arrays(2, 1, 2) }));
});

test("between two frames numbers go evenly; at a frame they are its own", () => {
  const records = createRecords(1);
  records.add({ from: 0, frames: 3, records: { loss: numbers(1, 3, NaN) } });
  assert.equal(records.between("loss", 0, 0.5), 2);
  assert.equal(records.between("loss", 0, 1), 3);
  assert.equal(records.between("loss", 0, 1.5), 3); // what comes is not known
});

test("between two frames that overflowed stands what overflowed, not nothing", () => {
  const records = createRecords(1);
  records.add({ from: 0, frames: 3, records: { loss: numbers(Infinity, -Infinity, -Infinity) } });
  assert.equal(records.between("loss", 0, 0.5), Infinity);
  assert.equal(records.between("loss", 0, 1.5), -Infinity);
});

test("an eigenvalue keeps its name from one update to the next", () => {
  const before = Float64Array.from([1, 0, 0, 1, -1, 0]);
  const now = Float64Array.from([-0.9, 0, 1.1, 0, 0, 1.05]);
  assert.deepEqual([...paired(before, now)], [1.1, 0, 0, 1.05, -0.9, 0]);
  const records = createRecords(1);
  records.add({ from: 0, frames: 2, records: { e: arrays(4, 1, 0, 0, 1, 0, 2, 2, 0) } }, ["e"]);
  assert.deepEqual([0, 1, 2, 3].map(k => records.at("e", 0, 1, k)), [2, 0, 0, 2]);
});

test("marks are round numbers within the axis", () => {
  assert.deepEqual(ticks(0, 300, 3), [0, 100, 200, 300]);
  assert.deepEqual(ticks(0, 1, 5).map(one => Number(one.toFixed(6))), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(decades(-3, 2, 10), [-3, -2, -1, 0, 1, 2]);
  assert.ok(decades(-30, 2, 5).length <= 6);
});

test("an axis holds what was seen, and a run that explodes does not flatten the rest", () => {
  const [low, high] = ends({ log: true, low: null, high: null }, { least: 0.02, most: 3, first: 1 });
  assert.ok(low <= Math.log10(0.02) && high >= Math.log10(3));
  assert.ok(ends({ log: true, low: null, high: null }, { least: 0.02, most: 1e200, first: 1 })[1] < 5);
  const linear = ends({ log: false, low: null, high: null }, { least: 0.2, most: 1e9, first: 1 });
  assert.ok(linear[0] === 0 && linear[1] < 10);
  assert.deepEqual(ends({ log: false, low: 0, high: 1 }, { least: 0.2, most: 0.3, first: 0.2 }), [0, 1]);
});

test("an axis looks no further than what is shown", () => {
  const records = createRecords(1);
  records.add({ from: 0, frames: 3, records: { loss: numbers(1, 2, 50) } });
  const first = look(unseen(), records, ["loss"], 1, false);
  assert.equal(first.most, 2);
  assert.equal(look(first, records, ["loss"], 2, false).most, 50);
});

test("an axis arrives where it has to be", () => {
  const shown = { low: 0, high: 1 };
  let there = false;
  for (let n = 0; n < 200 && !there; n += 1) there = approach(shown, [0, 3], 0.016);
  assert.deepEqual(shown, { low: 0, high: 3 });
});

test("a baseline is left where the running mean is well below it, and no single number does that", () => {
  const value = frame => (frame === 0 ? NaN : frame === 5 ? 0 : frame < 40 ? 1 : 0.5);
  const left = leaving(value, 100, 1, 0.9, 20);
  assert.equal(left, 44); // of 20 losses five are one half: a mean of 0.875
  assert.equal(leaving(value, 30, 1, 0.9, 20), null);
  assert.equal(meanOf(value, 41, 4), 0.75);
});

test("a running mean follows a falling line without a jump, and comes to hold as many as it is said to", () => {
  const value = frame => (frame ? 1 / frame ** 2 : NaN);
  const means = Array.from({ length: 99 }, (_, frame) => meanOf(value, frame, 20));
  const falls = means.slice(2).map((mean, k) => Math.log(means[k + 1] / mean));
  falls.slice(2).forEach((fall, k) => assert.ok(fall >= 0 && fall < falls[k] + falls[k + 1], `${k}: ${fall}`));
  assert.equal(meanOf(frame => frame, 39, 20), 29.5);
});

test("many lanes say once what all their names begin with, few of them and others in full", () => {
  const rates = Array.from({ length: 9 }, (_, k) => `η = ${k}`);
  assert.equal(alikeTo(rates), "η =");
  assert.equal(alikeTo(rates.slice(1)), "");
  assert.equal(alikeTo([...rates, "Adam"]), "");
});

const panel = (kind, more = {}) => ({ kind, of: ["a"], title: "", ...more });
test("all panels have room on a desk, on a phone and on a projector, and none lies on another", () => {
  const square = { square: true };
  const below = [panel("plane", square), panel("curve"), panel("curve")];
  const rows = [[panel("dots", square), panel("curve")], below];
  for (const [width, height] of [[848, 600], [1200, 520], [370, 520], [760, 560]]) {
    const view = layout({ width, height }, rows);
    assert.equal(view.boxes.length, 5);
    for (const box of view.boxes) {
      assert.ok(box.x >= 0 && box.x + box.w <= width + 1, `${width}`);
      assert.ok(inner(box, view.text).w > 60 && inner(box, view.text).h > 40, `${width} ${JSON.stringify(box)}`);
    }
    const apart = (a, b) => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
    view.boxes.forEach((a, i) => view.boxes.slice(i + 1).forEach(b => assert.ok(apart(a, b))));
  }
});

const run = (given = {}, frames = 21, at = 20) => ({
  stage: { run: "r", limit: 100, every: 1, pace: 10, lanes: [{ id: "a" }], ended: {}, ...given },
  records: { frames }, at, speed: 1, locked: false,
});
test("it slows down where few frames are left, and goes at full speed to the end of all", () => {
  assert.equal(pace(run({}, 60, 5)), 10);
  const near = pace(run({}, 21, 19.4));
  assert.ok(near > 0 && near < 10);
  assert.ok(pace(run({}, 21, 20)) > 0);
  assert.equal(pace(run({}, 101, 99.9)), 10);
  assert.equal(pace(run({ run: null }, 21, 20)), 10);
});

test("a run ends at its limit, where all lanes have ended, or where there is no more of it", () => {
  assert.equal(endFrame(run()), 100);
  assert.ok(!more(run({ ended: { a: { update: 21, why: "diverged" } } })));
  assert.equal(endFrame(run({ ended: { a: { update: 21, why: "diverged" } } })), 20);
  assert.equal(endFrame(run({ run: null })), 20);
  const two = { lanes: [{ id: "a" }, { id: "b" }], ended: { a: { update: 21, why: "diverged" } } };
  assert.ok(more(run(two)));
});

test("what a question hides is not seen, as long as it is open", () => {
  assert.equal(seen({ ...run({ hide_from: 10 }), locked: true }), 11);
  assert.equal(seen(run({ hide_from: 10 })), 21);
});

test("one request is in flight, it asks no further than it is about to play, and once it rests it asks nothing", () => {
  Object.assign(globalThis, { requestAnimationFrame: () => 1, cancelAnimationFrame() {} });
  const told = [];
  const still = { seek: null, until: null, playing: false, flying: null, since: 0, took: 0, serial: 0 };
  const state = { ...run({}, 5, 4), ...still };
  const tell = (target, value) => told.push({ target, value });
  const one = createRun(state, { calm: () => false, paint() {}, tell });
  const asked = () => told.filter(({ target }) => target === "slice");
  one.start(null);
  one.speed(2);
  assert.equal(asked().length, 1);
  const [{ value }] = asked();
  assert.equal(value.have, 5);
  assert.ok(value.want > 5 && value.want < 30);
  one.toggle(); // pause
  assert.ok(!state.playing);
  state.flying = null; // the answer has come
  one.arrived({ anew: false, other: false, whole: true });
  assert.equal(asked().length, 1);
  one.stop();
});

test("a line of many points keeps its peaks", () => {
  const points = thinned(0, 9999, frame => frame / 100, frame => (frame === 5003 ? 7 : frame % 2));
  assert.ok(points.length < 300);
  assert.equal(Math.max(...points.map(([, y]) => y)), 7);
  assert.equal(Math.min(...points.map(([, y]) => y)), 0);
});

test("a line's name stands where no curve passes, and stays there until one comes", () => {
  const box = { x: 50, y: 0, w: 300, h: 200 };
  const places = placesOf(box, 100, 80, 14);
  assert.equal(emptiest(places, []), 0); // at the right, above
  assert.equal(emptiest(places, [[330, 90]]), 1);
  assert.equal(emptiest(places, [[330, 90], [330, 110]]), 2);
  assert.equal(emptiest(places, [], 2), 2);
  assert.equal(emptiest(places, [[60, 90], [330, 90]], 2), 1);
});

test("a line's name does not leave its panel", () => {
  const box = { x: 50, y: 0, w: 300, h: 200 };
  for (const y of [0, 5, 100, 199, 200])
    for (const place of placesOf(box, y, 80, 14)) {
      assert.ok(place.x >= box.x && place.x + place.w <= box.x + box.w);
      assert.ok(place.y >= box.y - 8 && place.y + place.h <= box.y + box.h + 2, `${y}: ${JSON.stringify(place)}`);
    }
});

test("what lies beyond an axis runs along its edge, and a panel of any height shows that", () => {
  for (const h of [60, 400]) {
    const y = placeY({ low: -2, high: 2, log: true }, { x: 0, y: 10, w: 100, h });
    assert.equal(y(1), 10 + h / 2);
    for (const far of [1e5, 1e300, Infinity]) assert.ok(y(far) < 10 && y(far) >= 10 - 6);
    assert.ok(y(1e-9) > 10 + h && y(1e-9) <= 10 + h + 6);
    assert.equal(y(0), 10 + h);
    assert.ok(Number.isNaN(y(NaN)));
  }
});

test("contour lines run where the height is the level's", () => {
  const [rows, columns] = [21, 31];
  const heights = Float32Array.from({ length: rows * columns }, (_, k) =>
    Math.hypot((k % columns) - 15, Math.floor(k / columns) - 10));
  const lines = contours(heights, rows, columns, 6);
  assert.ok(lines.length > 30);
  for (const [column, row] of lines.flat()) assert.ok(Math.abs(Math.hypot(column - 15, row - 10) - 6) < 0.1);
  const met = new Map();
  for (const point of lines.flat()) {
    const name = point.map(one => one.toFixed(4)).join();
    met.set(name, (met.get(name) ?? 0) + 1);
  }
  assert.ok([...met.values()].every(count => count % 2 === 0)); // it is closed
});

test("a text stands in lines that are not too wide, whole words where there is room, and nothing is lost", () => {
  const words = "the sea\nand abcdefghijklm the whale ", lines = inLines(words, 8, one => one.length);
  assert.deepEqual(lines.slice(0, 3), ["the sea¶", "and ", "abcdefgh"]);
  assert.ok(lines.every(line => line.trimEnd().length <= 8));
  assert.equal(lines.join(""), words.replace("\n", "¶"));
});
