// The race's pure parts: its moments, its numbers, its places.

import assert from "node:assert/strict";
import test from "node:test";
import { bands, decades, layout, marks, normX, stepX, swarm, ticks } from "../../rnnviz/player/js/race/layout.js";
import { at, endOf, moved, rate, stop } from "../../rnnviz/player/js/race/moments.js";
import { alike, between, fate, opened, powerText, quantile, standing } from "../../rnnviz/player/js/race/numbers.js";
import { strength, thickness } from "../../rnnviz/player/js/race/pulse.js";
import { places } from "../../rnnviz/player/js/race/scene.js";

const T = 50;
const PHASES = ["forward", "loss", "backward", "arrived", "seeds", "ranked"];
const logs = (...values) => Float32Array.from(values);

test("the wave reaches the last step, then the gradient goes back to the first", () => {
  assert.equal(at(T, T).front, T);
  assert.equal(at(T + 1, T).pulse, T);
  assert.equal(at(2 * T, T).pulse, 1);
  assert.deepEqual(PHASES.map(phase => at(endOf(phase, T), T).phase), PHASES);
  assert.equal(at(endOf("ranked", T), T).ranked, 1);
});

test("a race takes as long whatever the number of steps", () => {
  const seconds = steps => {
    let total = 0;
    for (let moment = 0; moment < endOf("ranked", steps); moment += 0.5) total += 0.5 / rate(moment, steps);
    return total;
  };
  for (const steps of [5, 12, 200]) assert.ok(Math.abs(seconds(steps) - seconds(T)) < 0.3, `${steps}`);
});

test("each key leads one step on or back, and no stride crosses the end of a phase", () => {
  assert.equal(stop(3, 1, T), 4);
  assert.equal(stop(3.4, -1, T), 3);
  assert.equal(stop(48, 1, T, true), T);
  assert.equal(stop(T + 1, 1, T, true), T + 6);
  assert.equal(stop(2 * T - 2, 1, T, true), 2 * T);
  assert.equal(stop(2 * T, 1, T, true), 2 * T + 1);
});

test("with other steps it stands in the same phase", () => {
  assert.equal(moved(25, 50, 100), 50);
  assert.equal(moved(endOf("ranked", 50), 50, 100), endOf("ranked", 100));
  assert.equal(at(moved(75, 50, 20), 20).phase, "backward");
});

test("what is sent is read as it was meant", () => {
  const sent = array => btoa(String.fromCharCode(...new Uint8Array(array.buffer)));
  const data = opened({
    steps: 2, lanes: [{ id: "a" }, { id: "b" }], seeds: ["1"], seed: "1", sent: [0], axis: { kind: "share", high: 1 },
    shades: sent(Uint8Array.from([255, 0, 0, 255, 128, 127, 0, 255])), left: sent(logs(-1, 0, -Infinity, 0)),
    arrived: sent(logs(-1, -Infinity)), median: sent(logs(-1, -1, -1, 0, 0, 0)),
    lost: [[-1, -1]], rank: [2, 1], nearest: [0, 1],
  });
  assert.deepEqual([data.bins, data.order], [2, [1, 0]]);
  assert.deepEqual([...data.left], [-1, 0, -Infinity, 0]);
});

test("what a gradient comes to: it has vanished, is exactly 0, or is not finite, from a step on", () => {
  assert.deepEqual(fate(logs(-9, -7, -3, 0)), { over: 0, gone: 2, zero: false });
  assert.deepEqual(fate(logs(-Infinity, -Infinity, -3, 0)), { over: 0, gone: 2, zero: true });
  assert.deepEqual(fate(logs(NaN, Infinity, 30, 0)), { over: 2, gone: 0, zero: false });
  assert.deepEqual(fate(logs(-3, -9, -3, 0)), { over: 0, gone: 0, zero: false }); // it has come back
  assert.equal(standing(logs(NaN, Infinity, 30, 0), 2), "overflowed");
  assert.equal(standing(logs(3, 2, 0), 1), "exploding");
});

test("between two steps the norm goes evenly by decades, and jumps from 0", () => {
  assert.equal(between(logs(-4, -2, 0), 1.5), -3);
  assert.equal(between(logs(-Infinity, -2), 1.4), -Infinity);
  assert.equal(between(logs(-Infinity, -2), 1.6), -2);
});

test("powers of ten are written out, even those that no float holds", () => {
  assert.deepEqual([-Infinity, Infinity, NaN, 0, 1e-8].map(powerText), ["0", "∞", "NaN", "1.00", "1.00"]);
  assert.equal(powerText(-400.5), "3.16×10⁻⁴⁰¹");
  assert.equal(powerText(2), "100");
});

test("half of the units are below the middle of their sizes", () => {
  const shades = Uint8Array.from([128, 0, 128, 0, 0, 0, 0, 255]);
  assert.equal(quantile(shades, 1, 4, 0.25), 0.125);
  assert.equal(quantile(shades, 2, 4, 0.5), 0.875);
  assert.ok(Number.isNaN(quantile(new Uint8Array(4), 1, 4, 0.5)));
});

test("a larger norm is thicker and stronger, and nothing is nothing", () => {
  const sizes = [-Infinity, -7, -5, -3, -1, 0, 3, 12].map(log => thickness(log, 20));
  assert.deepEqual(sizes, [...sizes].sort((a, b) => a - b));
  assert.equal(sizes[0], 0);
  assert.ok(sizes.at(-1) <= 20);
  assert.ok(strength(-1) > strength(-3));
});

test("all lanes and columns have room, on a desk and on a phone", () => {
  for (const [width, height, lanes] of [[884, 640, 6], [884, 640, 12], [390, 500, 5], [1200, 560, 2]]) {
    const view = layout({ width, height }, lanes, 36);
    assert.ok(view.time[1] > view.time[0] + 200 && view.time[1] < width);
    assert.ok(view.height >= view.head + lanes * view.high);
    const { shades, pulse, bar, dots } = bands(view);
    assert.ok(shades[0] + shades[1] <= pulse[0] - pulse[1] / 2 + 1);
    for (const [middle, high] of [pulse, bar, dots]) assert.ok(middle + high / 2 <= view.high + 1);
  }
  assert.ok(stepX({ time: [100, 500] }, 4, 4) < 500);
});

test("the axis of what arrives holds what is finite, within bounds", () => {
  assert.deepEqual(decades(logs(-2, 1)), [-6, 3]);
  assert.deepEqual(decades(logs(-61, 9, -Infinity, NaN)), [-12, 9]);
  assert.deepEqual(marks([-12, 3], 150), [-12, -6, 0]);
  assert.equal(normX([0, 100], [-10, 0], -Infinity), 0);
  assert.equal(normX([0, 100], [-10, 0], NaN), 100);
});

test("dots of a swarm do not lie on one another, where there is room", () => {
  const xs = [10, 11, 11, 12, 30], ys = swarm(xs, 3, 20);
  for (let i = 0; i < xs.length; i += 1)
    for (let j = 0; j < i; j += 1) assert.ok(Math.hypot(xs[i] - xs[j], ys[i] - ys[j]) >= 6 - 1e-9);
  assert.equal(ys[4], 0);
});

test("the first step has a mark, and marks are apart", () => {
  for (const steps of [5, 12, 50, 200]) {
    const found = ticks(steps);
    assert.equal(found[0], 1);
    assert.ok(found.length <= 8 && found.at(-1) <= steps);
  }
});

test("where all lanes come equally near to 1, none is ahead", () => {
  assert.ok(alike({ rank: [1, 1, 1] }));
  for (const rank of [[1], [1, 1, 3], [null, null]]) assert.ok(!alike({ rank }));
});

test("lanes stand as they were given, and in the end by rank", () => {
  assert.deepEqual(places([2, 0, 1], 0), [0, 1, 2]);
  assert.deepEqual(places([2, 0, 1], 1), [1, 2, 0]);
});
