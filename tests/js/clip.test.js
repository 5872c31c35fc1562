// Clipping by hand and the descents: what is computed in the browser, without one.

import assert from "node:assert/strict";
import test from "node:test";
import { EPSILON, angle, clipByNorm, clipByValue, norm } from "../../rnnviz/player/js/clip/clipping.js";
import { towards, turnAt } from "../../rnnviz/player/js/clip/clipping.js";
import { around } from "../../rnnviz/player/js/clip/swing.js";
import { openCourses, standing, updateAt } from "../../rnnviz/player/js/descent/courses.js";
import { ticks } from "../../rnnviz/player/js/descent/ticks.js";
import { within } from "../../rnnviz/player/js/descent/paths.js";

const near = (one, other, by = 1e-12) => assert.ok(Math.abs(one - other) <= by, `${one} is not ${other}`);

test("by norm keeps the direction, and the norm ends just below the threshold", () => {
  for (const g of [[3, 4], [-1e150, 2e150], [1e-3, 5]]) {
    const clipped = clipByNorm(g, 2);
    near(norm(clipped), Math.min(2, (2 * norm(g)) / (norm(g) + EPSILON)), 1e-9);
    near(angle(g, clipped), 0, 1e-7);
  }
});

test("what is within the threshold stays as it is", () => {
  assert.deepEqual(clipByNorm([0.3, 0.4], 1), [0.3, 0.4]);
  assert.deepEqual(clipByValue([1, -1], 1), [1, -1]);
  assert.deepEqual(clipByNorm([0, 0], 1), [0, 0]);
});

test("by value limits each entry by itself, and leaves a norm of up to the root of n times the threshold", () => {
  assert.deepEqual(clipByValue([5, -0.5, -7], 1), [1, -0.5, -1]);
  near(norm(clipByValue([5, 6, 7, 8], 1)), 2);
});

test("what is not finite is not clipped", () => {
  for (const entry of [NaN, Infinity, -Infinity]) {
    assert.equal(clipByNorm([1, entry], 1), null);
    assert.equal(clipByValue([1, entry], 1), null);
  }
});

test("by value turns nothing along axes and diagonals, and by less than 45 degrees anywhere", () => {
  for (let k = 0; k < 8; k++) near(turnAt(45 * k, 2.4, 1), 0, 1e-6);
  for (let k = 0; k < 360; k++) assert.ok(turnAt(k, 1e6, 1) < 45);
  assert.ok(turnAt(20, 2.4, 1) > 15);
});

test("along an axis the other entry is zero", () => {
  for (const degrees of [0, 90, 180, 270, 360]) assert.equal(Math.min(...towards(degrees, 2).map(Math.abs)), 0);
  for (const degrees of [7, 133, 299]) near(norm(towards(degrees, 2)), 2);
});

test("once around is where it began", () => {
  assert.deepEqual([0, 72, 73, 80, -1].map(around), [0, 72, 1, 8, 71]);
});

test("ticks are round, and written as they are", () => {
  const found = ticks(-3.4, -1.6, 4);
  assert.deepEqual(found.values.map(found.text), ["−3.0", "−2.5", "−2.0"]);
  assert.deepEqual(ticks(0, 0.5, 5).values.map(ticks(0, 0.5, 5).text), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
});

test("of a line only the piece on the map is drawn", () => {
  const map = { low: { w: 0, b: 0 }, high: { w: 1, b: 1 } };
  assert.deepEqual(within([0.5, 0.5, 0], [2.5, 0.5, 4], map), [[0.5, 0.5, 0], [1, 0.5, 1]]);
  assert.equal(within([2, 2, 0], [3, 3, 0], map), null);
});

/** A descent of four points: w is 0, 1, 2, 12; clipped at the third. */
function course() {
  const none = [0, 0, 0, 0];
  const rows = [[0, 1, 2, 12], none, [4, 3, 2, 1], [1, 1, 5, 1], [1, 1, 1, 1], none, [-1, -1, -5, -1], none];
  const bytes = new Uint8Array(new Float32Array(rows.flat()).buffer);
  const numbers = btoa(String.fromCharCode(...bytes));
  return openCourses({ points: 4, courses: [{ name: "n", how: "norm", threshold: 1, stopped: null, numbers }] })[0];
}

test("between two updates a dot is between two points, and at a whole update at one", () => {
  const one = course();
  for (const k of [0, 1, 2, 3]) assert.deepEqual(standing(one, k).point, one.point(k));
  for (const at of [0.1, 0.2, 0.4, 2.2]) {
    const [w] = standing(one, at).point;
    const [[from], [to]] = [one.point(Math.floor(at)), one.point(Math.floor(at) + 1)];
    assert.ok(w > from && w < to);
  }
});

test("something changes all the time, and nothing jumps at a whole update", () => {
  const one = course();
  const signs = at => {
    const { point, grown, clipped, seen } = standing(one, at);
    return [point[0], grown, clipped, seen];
  };
  for (let at = 0.01; at < 2.98; at += 0.06) {
    assert.notDeepEqual(signs(at), signs(at + 0.06), `${at}`);
    assert.ok(standing(one, at).f > 0);
  }
  for (const k of [1, 2]) signs(k - 1e-6).forEach((sign, i) => near(sign, signs(k)[i], 1e-3));
});

test("the numbers are those of the update that has been reached", () => {
  assert.deepEqual([0, 0.3, 0.6, 1, 1.9].map(updateAt), [0, 0, 1, 1, 2]);
});

test("what is clipped is the gradient at the dot", () => {
  const one = course();
  near(norm(one.clipped(2)), 1, 1e-5);
  assert.deepEqual(one.clipped(0).map(Math.abs), [1 / (1 + EPSILON), 0]);
});
