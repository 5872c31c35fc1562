// When words are read, scores move and marks come back.

import assert from "node:assert/strict";
import test from "node:test";
import { cursors, knownAt, markAt, readAt, scoreAt } from "../../rnnviz/player/js/sentence/moments.js";

const left = { tokens: ["a", "b", "c", "d"], way: 1, scores: [0.2, 0.4, 0.6, 0.8], begins: 0.5,
  marks: [1, 0, -1, 0.5] };
const both = { ...left, way: 2 };

test("from the left a word is known when it was read; both ways, when both readers have come by", () => {
  assert.deepEqual([0, 1, 2, 3].map(t => knownAt(left, t, 2)), [1, 1, 0, 0]);
  assert.deepEqual([0, 1, 2, 3].map(t => knownAt(both, t, 2)), [0, 0, 0, 0]);
  assert.deepEqual([0, 1, 2, 3].map(t => knownAt(both, t, 3)), [0, 1, 1, 0]);
  assert.deepEqual([0, 1, 2, 3].map(t => knownAt(both, t, 4)), [1, 1, 1, 1]);
});

test("one word is being read from each end", () => {
  assert.deepEqual(cursors(left, 1.5), [1]);
  assert.deepEqual(cursors(both, 1.5), [1, 2]);
  assert.deepEqual(cursors(left, 4), []);
  assert.equal(readAt(both, 3, 0.5), true);
  assert.equal(readAt(left, 3, 0.5), false);
});

test("the score begins where the network does, is right at every word, and stays at the last", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(at => scoreAt(left, at)), [0.5, 0.2, 0.4, 0.6, 0.8, 0.8]);
  assert.ok(Math.abs(scoreAt(left, 1.5) - 0.3) < 1e-9);
});

test("marks come back from the last word to the first", () => {
  assert.deepEqual([0, 1, 2, 3].map(t => markAt(left, t, 4, 4)), [0, 0, 0, 0]);
  assert.deepEqual([0, 1, 2, 3].map(t => markAt(left, t, 4.3, 4) > 0), [false, false, true, true]);
  assert.deepEqual([0, 1, 2, 3].map(t => markAt(left, t, 5, 4)), [1, 1, 1, 1]);
});
