// The pure parts of the stage that prepares raw data: what lies where, what is said when.

import assert from "node:assert/strict";
import test from "node:test";
import { doneAt, part, saidAt, stacked, turn } from "../../rnnviz/player/js/prepare/moments.js";
import { marks } from "../../rnnviz/player/js/prepare/series.js";
import { flies } from "../../rnnviz/player/js/prepare/table.js";

test("a step begins at its number and is done at the next", () => {
  assert.deepEqual([0.5, 1, 1.25, 2, 9].map(at => doneAt(at, 1)), [0, 0, 0.25, 1, 1]);
  assert.ok(Math.abs(part(0.5, 0.4, 0.6) - 0.5) < 1e-9);
});

test("an axis has two to five round marks, whatever its range", () => {
  for (const [low, high] of [[312, 332], [0, 1], [331.2, 336.9], [-5, 5], [0.001, 0.002], [0, 7e6], [99, 101]]) {
    const found = marks(low, high);
    assert.ok(found.length >= 2 && found.length <= 6, `${low} to ${high}: ${found}`);
    assert.ok(found.every(one => one >= low - 1e-9 && one <= high + 1e-9), `${low} to ${high}: ${found}`);
  }
});

test("what is said is the newest that has begun", () => {
  const says = [{ from: 0, text: "a" }, { from: 2, text: "b" }];
  assert.deepEqual([0, 1.9, 2, 3].map(at => saidAt(says, at)), ["a", "a", "b", "b"]);
  assert.equal(saidAt([], 1), "");
});

test("batches stand below one another, their rows in order", () => {
  const places = stacked([[2, 0], [1]], 10, 5);
  assert.deepEqual(places, [{ y: 10, batch: 0 }, { y: 25, batch: 1 }, { y: 0, batch: 0 }]);
});

test("rows go one after the other: at most two are on their way, and in the end all have come", () => {
  for (let u = 0; u <= 1; u += 0.01) {
    const come = Array.from({ length: 12 }, (_, k) => turn(k, 12, u));
    assert.ok(come.filter(one => one > 0 && one < 1).length <= 2);
    assert.ok(come.every((one, k) => !k || one <= come[k - 1]));
  }
  assert.deepEqual([turn(0, 12, 0), turn(11, 12, 1)], [0, 1]);
});

test("a word goes to its own place alone; a number, and what is refused, to theirs", () => {
  const outputs = [["mm", 0], ["sun", 1], ["fog", 1], ["date", 2]];
  const cells = [{ value: 0 }, { value: 0 }, { value: 1 }, { value: null }];
  assert.deepEqual(cells.map((_, k) => flies(outputs, cells, k)), [true, false, true, true]);
});
