// The pure parts of reading from both sides: when a letter is read, and what a state can know.

import assert from "node:assert/strict";
import test from "node:test";
import { layout, under } from "../../rnnviz/player/js/reading/layout.js";
import { answered, doneAt, knownTo, placeOf, readBy } from "../../rnnviz/player/js/reading/moments.js";
import { sentence } from "../../rnnviz/player/js/reading/said.js";

const T = 7;
const row = (way, more = {}) => ({ id: "row", name: "row", way, start: 0, reads: [], drawn: T, ...more });
const words = {
  knows_left: "left {read}", knows_right: "right {read}", knows_all: "all {read}", same: "same", differs: "differs",
};
const data = (rows, more = {}) => ({
  letters: [..."the sea"], gap: 3, changed: null, rows, guesses: [{ letters: ["x"], p: [1] }], steps: T + 1, words,
  ...more,
});
const BOTH = [row(1), row(-1)];
const LAYERS = [...BOTH, row(1, { start: T, reads: [0, 1] }), row(-1, { start: T, reads: [0, 1] })];

test("one row reads from the left, the other from the right, a letter in each step", () => {
  assert.deepEqual([0, 6].map(k => placeOf(row(1), T, k)), [0, 6]);
  assert.deepEqual([0, 6].map(k => placeOf(row(-1), T, k)), [6, 0]);
  assert.equal(doneAt(row(1), T, 2, 2.25), 0.25);
  assert.equal(doneAt(row(-1), T, 4, 2.25), 0.25);
  assert.equal(doneAt(row(1, { start: T }), T, 2, 2.25), 0);
  assert.deepEqual([0, 3.9, 99].map(at => readBy(row(1), at)), [0, 3, T]);
});

test("the letters, and the box around the one that is hidden, lie within the picture, however low it is", () => {
  for (const rows of [[row(1)], BOTH, LAYERS])
    for (const width of [350, 860])
      for (const height of [230, 300, 420, 700]) {
        const view = layout({ width, height, large: false }, data(rows));
        if (view.high > 16) assert.ok(view.below <= height, `${rows.length} rows, ${width} x ${height}`);
      }
});

test("a row that has to answer at the gap reads no further", () => {
  const short = row(1, { drawn: 4 });
  assert.equal(readBy(short, 6), 4);
  assert.equal(doneAt(short, T, 5, 6), 0);
  assert.equal(knownTo(data([short]), 0, 5), null);
});

test("a state of one row knows one side, a state of the second layer all", () => {
  const all = data(LAYERS);
  for (let t = 0; t < T; t++) {
    assert.deepEqual(knownTo(all, 0, t), [0, t]);
    assert.deepEqual(knownTo(all, 1, t), [t, T - 1]);
    assert.deepEqual(knownTo(all, 2, t), [0, T - 1]);
    assert.deepEqual(knownTo(all, 3, t), [0, T - 1]);
  }
});

test("the answer comes in the last step, and there is none where nothing is guessed", () => {
  assert.deepEqual([T, T + 0.5, T + 1].map(at => answered(data(BOTH), at)), [0, 0.5, 1]);
  assert.equal(answered(data(BOTH, { guesses: [] }), T + 1), 0);
});

test("what is said are the letters that were read", () => {
  assert.equal(sentence({ data: data(BOTH), at: 2, over: null }), "left th right ea");
  assert.equal(sentence({ data: data(BOTH), at: 2, over: { row: 1, t: 5 } }), "all ea");
  const changed = data([row(1, { differs: [0, 0, 1, 1, 1, 1, 1] })], { changed: { at: 2, was: "x" } });
  assert.equal(sentence({ data: changed, at: 9, over: null }), "");
  assert.deepEqual([1, 2].map(t => sentence({ data: changed, at: 9, over: { row: 0, t } })), ["same", "differs"]);
});

for (const [width, height] of [[860, 640], [390, 300], [860, 300]]) {
  test(`rows lie above each other and above the letters in ${width} x ${height}`, () => {
    const all = data(LAYERS), view = layout({ width, height, large: false }, all);
    for (let k = 0; k < 4; k++) {
      assert.ok(view.row(k) + view.high <= (k ? view.row(k - 1) : view.tape));
      assert.deepEqual(under(view, all, view.x(2), view.row(k) + view.high / 2), { row: k, t: 2 });
    }
    assert.ok(view.row(3) >= 0);
    assert.ok(view.x(T - 1) + view.wide / 2 <= width);
    assert.deepEqual(under(view, all, view.x(5), view.tape + 20), { row: null, t: 5 });
    assert.equal(under(view, all, -5, 20), null);
  });
}
