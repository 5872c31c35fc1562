// The pure parts of the stage of an encoder-decoder: when a letter is read and said, and where things stand.

import assert from "node:assert/strict";
import test from "node:test";
import { pathOf } from "../../rnnviz/player/js/align/beams.js";
import { isWrong } from "../../rnnviz/player/js/align/board.js";
import { layout, under } from "../../rnnviz/player/js/align/layout.js";
import { alive, readAt, saidAt, spoken } from "../../rnnviz/player/js/align/moments.js";
import { sentence, spelled } from "../../rnnviz/player/js/align/said.js";

const words = {
  says: "{letter} {p}", looks: "{letter}: {at} {weight}", right: "right", wrong: "wrong", beam: "{text} {p}",
};
const line = (said, truth, more = {}) => ({
  source: [..."einundzwanzig"], name: "", said: [...said], truth: truth && [...truth], p: [...said].map(() => 0.5),
  weights: null, ...more,
});
const data = (lines, more = {}) => {
  const reads = Math.max(...lines.map(one => one.source.length));
  return { view: "matrix", lines, reads, steps: reads + 3, states: null, ways: 2, words, ...more };
};
const BEAMS = [
  [{ text: ["a"], p: 0.5, parent: 0 }, { text: ["b"], p: 0.4, parent: 0 }],
  [{ text: ["b", "a"], p: 0.3, parent: 1 }, { text: ["b", "b"], p: 0.1, parent: 1 }],
];

test("both directions read a letter in each step, from either end; then one is said in each", () => {
  const given = data([line("abc", null)]), T = 13;
  assert.equal(readAt(given, T, 0, 0.5), 0.5);
  assert.equal(readAt(given, T, 12, 0.5, true), 0.5);
  assert.equal(readAt(given, T, 0, 12, true), 0);
  assert.equal(saidAt(given, 1, 14.25), 0.25);
  assert.deepEqual([0, 13, 14, 15.9].map(at => spoken(given, at)), [0, 0, 1, 2]);
});

test("an answer is wrong where a letter is, or where it is longer or shorter", () => {
  assert.deepEqual(["abc", "abd", "ab", "abcd"].map(said => isWrong(line(said, "abc"))), [false, true, true, true]);
});

test("in a beam lives what leads to an answer that is still there; the path leads to the likeliest", () => {
  assert.deepEqual(alive(BEAMS, 1).map(one => [...one]), [[1], [0, 1]]);
  assert.deepEqual(pathOf(BEAMS), [1, 0]);
});

test("everything lies within the picture, however small it is", () => {
  const long = line("seven hundred seventy-seven∎", null, { source: [..."siebenhundertsiebenundsiebzig"] });
  for (const width of [350, 900])
    for (const height of [330, 600]) {
      const room = { width, height, large: false }, matrix = layout(room, data([long]));
      assert.ok(matrix.row(28) <= height && matrix.x(28) < width);
      const lines = Array.from({ length: 6 }, () => long), board = layout(room, data(lines, { view: "board" }));
      assert.ok(board.first + 6 * board.high <= height + 1 && board.left + 28 * board.cell < width);
      const beams = layout(room, data([long], { view: "beams", beams: BEAMS }));
      assert.ok(beams.list + beams.rows * beams.line <= height + 1);
    }
});

test("under the pointer is a row, or a letter of the source", () => {
  const given = data([line("abc", null)]), view = layout({ width: 900, height: 600, large: false }, given);
  assert.deepEqual(under(view, given, view.x(4), view.row(1) + 2), { row: 1, column: null });
  assert.deepEqual(under(view, given, view.x(4), view.top), { row: null, column: 4 });
  assert.equal(under(view, given, view.x(4), 599), null);
});

test("the sentence names the letter that counted most; without attention, how sure it is", () => {
  const weights = new Float32Array(39);
  weights[13 + 6] = 0.75;
  const given = data([line("abc", null, { weights })]);
  assert.equal(sentence({ data: given, at: 15, over: null }), "b: z 75%");
  assert.equal(sentence({ data: data([line("abc", null)]), at: 15, over: null }), "b 50%");
});

test("what is said is there as text, and what became of it", () => {
  assert.equal(spelled({ data: data([line("abd", "abc")]), at: 16 }), "einundzwanzig: abd wrong");
  assert.equal(spelled({ data: data([line("abd", null)]), at: 15 }), "einundzwanzig: ab");
  const beams = data([line("", null)], { view: "beams", beams: BEAMS });
  assert.equal(spelled({ data: beams, at: 14 }), "a 50% b 40%");
});
