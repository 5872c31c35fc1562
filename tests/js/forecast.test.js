// The forecasts' pure parts: a stage opened, where it stands between two frames, fans and their bands.

import assert from "node:assert/strict";
import test from "node:test";
import { bandOf, opened, pathOf, quantile, standing } from "../../rnnviz/player/js/forecast/opened.js";
import { seen } from "../../rnnviz/player/js/forecast/run.js";

const bytes = values => new Uint8Array(Float32Array.from(values).buffer);
const sent = (shape, values) => ({ shape, data: btoa(String.fromCharCode(...bytes(values))) });
const stage = {
  values: sent([6], [1, 2, 3, 4, 5, 6]),
  origins: [1, 3],
  ways: [{ id: "network", hue: "forward" }],
  ahead: [sent([2, 5, 2], Array.from({ length: 20 }, (_, k) => k))],
  frames: sent([2, 4], [0, 2, 2, 0, 1, 2, 2, 1]),
  errors: null,
  line: null,
};

test("forecasts are found by origin, member and step", () => {
  const [way] = opened(stage).ways;
  assert.equal(way.at(0, 0, 1), 1);
  assert.equal(way.at(1, 4, 0), 18);
});

test("between two frames the view moves on, and the fan stays with its origin", () => {
  const data = opened(stage);
  const begun = { origin: 1, from: 1, fold: 0, ahead: 2, seen: 2, moved: 0, frame: 0 };
  assert.deepEqual(standing(data, stage.origins, 0), begun);
  const half = standing(data, stage.origins, 0.5);
  assert.deepEqual([half.origin, half.from, half.fold, half.moved], [2, 1, 0, 0.5]);
  assert.equal(standing(data, stage.origins, 1).from, 3);
});

test("quantiles are those of NumPy", () => {
  assert.ok(Math.abs(quantile([1, 2, 4, 8], 0.1) - 1.3) < 1e-12);
  assert.ok(Math.abs(quantile([1, 2, 4, 8], 0.9) - 6.8) < 1e-12);
});

test("a band lies between the quantiles of its members", () => {
  const [way] = opened(stage).ways;
  assert.deepEqual(bandOf(way, 0, [0, 1]), [[0, 8], [1, 9]]);
});

test("a path ends as far ahead as has been unrolled, within a step too", () => {
  const next = step => [10, 20][step];
  assert.deepEqual(pathOf(3, 0, next, 2, 0), [[3, 0]]);
  assert.deepEqual(pathOf(3, 0, next, 2, 1.5), [[3, 0], [4, 10], [4.5, 15]]);
  assert.deepEqual(pathOf(3, 0, next, 2, 9), [[3, 0], [4, 10], [5, 20]]);
});

test("what is hidden is not seen as long as it is locked", () => {
  const data = opened(stage);
  assert.equal(seen({ stage: { hide_from: 0 }, data, locked: true }), 1);
  assert.equal(seen({ stage: { hide_from: 0 }, data, locked: false }), 2);
});
