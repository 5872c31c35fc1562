// The walk's pure parts: its 2 x 2 matrices, its camera, its axes, its numbers.

import assert from "node:assert/strict";
import test from "node:test";
import { IDENTITY, applied, between, direction, ellipse, polar, singular, times, towards }
  from "../../rnnviz/player/js/walk/algebra.js";
import { axis, lanesOf } from "../../rnnviz/player/js/walk/beads.js";
import { camera } from "../../rnnviz/player/js/walk/camera.js";
import { duration } from "../../rnnviz/player/js/walk/clock.js";
import { decades, ticks, trail } from "../../rnnviz/player/js/walk/curve.js";
import { angleOf } from "../../rnnviz/player/js/walk/events.js";
import { fill, power, ten } from "../../rnnviz/player/js/walk/figures.js";
import { boxes } from "../../rnnviz/player/js/walk/layout.js";

const MATRICES = [[1.2, -0.5, 0.3, 0.8], [0, -1, 1, 0], [0.9, 0, 0, -0.4], [1, -1.2, 0, 1], [-1, 0, 0, -1]];
const LINE = [2, 1, 4, 2];
const near = (found, wanted, within = 1e-12) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < within, `${found} is not ${wanted}`));

test("a matrix is a turn times a symmetric one", () => {
  for (const M of MATRICES) {
    const { angle, S } = polar(M);
    near(times([Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)], S), M);
    assert.ok(Math.abs(S[1] - S[2]) < 1e-12);
  }
});

test("a motion begins and ends exactly where it has to", () => {
  for (const M of MATRICES) {
    near(towards(M, 0), IDENTITY);
    near(towards(M, 1), M);
    for (const N of MATRICES) {
      near(between(M, N, 0), M);
      near(between(M, N, 1), N);
    }
  }
});

test("a pure turn turns on its way, and neither grows nor shrinks", () => {
  const half = towards([0, -1, 1, 0], 0.5);
  near(half, [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2]);
  near(singular(half), [1, 1]);
});

test("the singular values are the largest and the smallest norm on the circle", () => {
  for (const M of [...MATRICES, LINE]) {
    const norms = ellipse(M, 3600).map(([x, y]) => Math.hypot(x, y));
    near([Math.max(...norms), Math.min(...norms)], singular(M), 1e-2);
  }
});

test("the arrow that is picked points where one points", () => {
  for (const M of MATRICES.slice(0, 4)) {
    for (const degrees of [0, 40, 190, 300]) {
      const [x, y] = applied(M, direction((degrees * Math.PI) / 180));
      const found = ((angleOf(M, x, y) % 360) + 360) % 360;
      const off = Math.abs(((found - degrees + 540) % 360) - 180);
      assert.ok(off < 1e-9, `${M}: ${found}, ${degrees}`);
    }
  }
});

test("on a line, the arrow that is picked is the one that reaches furthest along it", () => {
  const [x, y] = applied([1, 1, 0, 0], direction((angleOf([1, 1, 0, 0], 3, 0.2) * Math.PI) / 180));
  near([x, y], [Math.SQRT2, 0]);
});

test("the camera follows only what leaves the frame or becomes too small, by half decades", () => {
  const follow = camera(Float64Array.from([-3, -2, -0.4, 0.1, 0]));
  assert.deepEqual([4, 3, 2].map(t => follow(t, 0)), [0, 0, 0]);
  assert.equal(follow(1, 0), -2);
  assert.equal(follow(0, 0), -2);
  assert.equal(follow(2, 1), follow(1, 0));
  assert.equal(camera(Float64Array.from([5, 0]))(0, 0) % 0.5, 0);
  assert.equal(camera(Float64Array.from([NaN, -Infinity, 0]))(0, 0), 0);
});

test("the axis of the curve holds all norms, and its ticks do not crowd", () => {
  for (const values of [[0, -3.2], [2.6, 0], [0, -250], [0]]) {
    const [low, high] = decades(values);
    assert.ok(values.every(value => value >= low && value <= high));
    const found = ticks([low, high], 300);
    assert.ok(found.length >= 2 || high - low < 2);
    assert.ok(found.length <= 13);
  }
});

test("the curve reaches as far as the walk has gone, and between two steps in proportion", () => {
  const walk = { steps: 4, gone: t => t === 0 };
  const of = t => t - 4;
  assert.deepEqual(trail(walk, of, 4, 0), [[4, 0]]);
  assert.deepEqual(trail(walk, of, 3, 0.5), [[4, 0], [3, -1], [2.5, -1.5]]);
  assert.deepEqual(trail(walk, of, 0, 0).at(-1), [1, -3]);
});

test("the first steps take long enough to be followed, the later ones do not bore", () => {
  assert.ok(duration("plane", 0) >= 1200);
  let total = 0;
  for (let step = 0; step < 30; step++) total += duration("plane", step);
  assert.ok(total / 2 < 9000); // at double speed, what is told of it waits no longer
});

test("a factor of the reader's own is the factor to the power of the steps", () => {
  const [own] = lanesOf({ lanes: [] }, 0.7);
  assert.ok(Math.abs(10 ** own.left(30) - 0.7 ** 30) < 1e-15);
});

test("the beads' axis is linear, or logarithmic, and both hold all that arrives", () => {
  const lanes = lanesOf({ lanes: [{ factor: 1.1, left: k => k * Math.log10(1.1) }] }, 0.9);
  for (const log of [0, 1]) {
    const { up } = axis(lanes, 30, [100, 200], log);
    for (const lane of lanes) assert.ok(up(lane.left(30)) >= 100 && up(lane.left(30)) <= 300);
  }
  const { up } = axis(lanes, 30, [100, 200], 0);
  assert.ok(Math.abs(up(Math.log10(2)) - up(Math.log10(1)) - (up(Math.log10(3)) - up(Math.log10(2)))) < 1e-9);
});

test("logarithms are written as the numbers that they mean, even where there is no such number", () => {
  assert.equal(power(-4.7), "2.00×10⁻⁵");
  assert.equal(power(-1e-17), "1.00");
  assert.equal(power(-Infinity), "0");
  assert.equal(power(-400.5), "3.16×10⁻⁴⁰¹");
  assert.equal(ten(-2), "10⁻²");
  assert.equal(fill("at step {step}{no}", { step: 3 }), "at step 3");
});

test("nothing stands outside of the picture, or on what else there is", () => {
  const show = new Set(["factors", "curve", "strip", "states"]);
  for (const room of [{ W: 844, H: 640 }, { W: 1160, H: 450 }, { W: 370, H: 330 }, { W: 370, H: 620 }]) {
    const { narrow, steps, ...found } = boxes(room, show);
    assert.equal(narrow, room.W < 620);
    assert.ok(steps[1] + steps[3] <= room.H + 1);
    const all = Object.entries(found);
    for (const [name, [x, y, w, h]] of all) {
      assert.ok(x >= 0 && y >= 0 && x + w <= room.W + 1 && y + h <= room.H + 1, `${name} in ${JSON.stringify(room)}`);
      for (const [other, [a, b, c, d]] of all)
        assert.ok(name === other || x >= a + c || a >= x + w || y >= b + d || b >= y + h, `${name} on ${other}`);
    }
  }
});
