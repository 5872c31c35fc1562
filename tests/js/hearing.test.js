// The pure parts of hearing: what has been heard, who leads, since when the network is sure, and where things stand.

import assert from "node:assert/strict";
import test from "node:test";
import { layout } from "../../rnnviz/player/js/hearing/layout.js";
import { heardBy, leader, matteredAt, reads, sureFrom } from "../../rnnviz/player/js/hearing/moments.js";
import { percent, seconds, sentence, where } from "../../rnnviz/player/js/hearing/said.js";

const words = { nothing: "nothing yet", leads: "{label} {p} {time}", step: "{step} of {steps}" };
const data = (p, more = {}) => ({
  labels: ["a", "b"], p: p.flatMap(one => [one, 1 - one]), windows: p.map((_, k) => [0, k + 1]), sure: 0.9, span: 0.025,
  mattered: null, words, picture: { T: p.length }, ...more,
});

test("a frame is heard when all of it is", () => {
  const one = data([0.5, 0.5, 0.5]);
  assert.deepEqual([0, 0.9, 1, 2.5, 3, 9].map(at => heardBy(one, at)), [0, 0, 1, 2, 3, 3]);
  assert.deepEqual(reads(one, 1.5), [0, 1.5]);
  assert.deepEqual(reads(data([0.5, 0.5], { windows: [[0, 4], [2, 6]] }), 1.5), [1, 5]);
});

test("the likeliest leads, of equals the first", () => {
  assert.deepEqual([0.2, 0.5, 0.8].map(p => leader(data([p]), 0)), [1, 0, 0]);
});

test("it is sure from the frame on from which it stays sure of what it says in the end", () => {
  assert.equal(sureFrom(data([0.95, 0.5, 0.91, 0.99])), 2);
  assert.equal(sureFrom(data([0.05, 0.95, 0.95])), 1);
  assert.equal(sureFrom(data([0.95, 0.95, 0.89])), null);
  assert.equal(sureFrom(data([0.95, 0.95], { sure: null })), null);
});

test("what mattered comes in a last step", () => {
  const one = data([0.5, 0.5], { mattered: [1, 0.5] });
  assert.deepEqual([1, 2, 2.25, 3].map(at => matteredAt(one, at)), [0, 0, 0.25, 1]);
  assert.equal(matteredAt(data([0.5]), 1), 0);
});

test("what is said is of the frames that were heard", () => {
  const one = data([0.2, 0.999]);
  assert.equal(sentence({ data: one, at: 0.5 }), "nothing yet");
  assert.equal(sentence({ data: one, at: 1.5 }), "b 80% 0.03");
  assert.equal(sentence({ data: one, at: 2 }), "a >99% 0.05");
  assert.equal(where({ data: one, at: 1.5 }), "1 of 2");
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(percent), ["0%", "<1%", "50%", ">99%", "100%"]);
  assert.equal(seconds(data([0.5], { span: 0.2 }), 3), "0.6");
});

for (const [width, height] of [[860, 560], [390, 300], [360, 260]])
  for (const mattered of [null, [1]])
    test(`everything lies in ${width} x ${height}, ${mattered ? "with" : "without"} what mattered`, () => {
      const labels = Array.from({ length: 10 }, (_, k) => String(k));
      const view = layout({ width, height, large: false }, { labels, picture: { T: 20 }, mattered });
      assert.ok(view.y(9) + view.row <= height - 12, "the last row");
      assert.ok(view.below <= view.rows - view.strip);
      assert.ok(view.left < view.x(20) && view.x(20) < view.bars && view.bars + view.side <= width + 1);
      assert.ok(view.high >= 24);
    });
