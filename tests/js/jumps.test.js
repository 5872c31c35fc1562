// What has happened after so many steps, in a chain and where all is joined at once.

import assert from "node:assert/strict";
import test from "node:test";
import { depth, layout, ticks } from "../../rnnviz/player/js/jumps/layout.js";
import { counted, joined, lastStep, stepOf } from "../../rnnviz/player/js/jumps/moments.js";
import { counting, rows } from "../../rnnviz/player/js/jumps/said.js";

const chain = { way: "chain" }, all = { way: "all" }, T = 6;

test("a gradient walks a chain position by position, and reaches all others in one jump", () => {
  assert.deepEqual([...Array(T).keys()].map(t => stepOf(chain, "back", t, T)), [5, 4, 3, 2, 1, 0]);
  assert.deepEqual([...Array(T).keys()].map(t => stepOf(all, "back", t, T)), [1, 1, 1, 1, 1, 0]);
  assert.deepEqual(joined(chain, "back", 1, T), [[5, 4]]);
  assert.equal(joined(all, "back", 1, T).length, T - 1);
  assert.equal(joined(all, "back", 2, T).length, 0);
});

test("every pair of positions is joined once, whether all at once or while a text grows", () => {
  for (const view of ["forth", "grow"]) {
    const pairs = Array.from({ length: T }, (_, k) => joined(all, view, k + 1, T)).flat();
    assert.equal(new Set(pairs.map(String)).size, (T * (T - 1)) / 2, view);
    assert.equal(pairs.length, (T * (T - 1)) / 2, view);
    assert.ok(pairs.every(([to, from]) => from < to), "nobody looks at what comes later");
  }
});

test("an answer hears all others in one step, and only then says something", () => {
  assert.equal(joined(all, "answer", 1, T).length, T - 1);
  assert.ok(joined(all, "answer", 1, T).every(([from, to]) => from < to && to === T - 1));
  const data = { view: "answer", tokens: Array(T).fill("a"), words: { count_answer: "says {says}" }, lanes: [] };
  assert.equal(counting({ data, at: 0.5 }, { ...all, says: "3" }), "says …");
  assert.equal(counting({ data, at: 1 }, { ...all, says: "3" }), "says 3");
});

test("a chain joins each position with the one before, once", () => {
  for (const view of ["back", "forth", "grow"]) {
    const pairs = Array.from({ length: T + 1 }, (_, k) => joined(chain, view, k, T)).flat();
    assert.deepEqual(pairs.map(pair => Math.abs(pair[0] - pair[1])), Array(T - 1).fill(1), view);
  }
});

test("what is counted: looks grow with the square, a chain keeps one state", () => {
  assert.deepEqual(counted(all, "grow", 4.5, T), { steps: 4, looks: 10, kept: 4 });
  assert.deepEqual(counted(chain, "grow", 4.5, T), { steps: 4, looks: 4, kept: 1 });
  assert.deepEqual(counted(all, "forth", 3, T), { steps: 1, looks: 21, kept: 6 });
  assert.equal(counted(all, "back", 0, T).looks, 0);
  assert.deepEqual([lastStep(chain, "back", T), lastStep(all, "back", T), lastStep(all, "grow", T)], [5, 1, 6]);
});

test("the axis: the highest decade above, what lies below on the lowest", () => {
  assert.equal(depth([-4, 0], 0, 100), 0);
  assert.equal(depth([-4, 0], -4, 100), 100);
  assert.equal(depth([-4, 0], -99, 100), 100);
  assert.deepEqual(ticks([-3, 0]), [0, -1, -2, -3]);
  assert.ok(ticks([-30, 0]).length <= 6);
});

test("on a phone and on a screen all positions stand inside, apart from each other", () => {
  const data = { tokens: Array(30).fill("a"), lanes: [{ log10: [] }, {}] };
  for (const [width, height] of [[350, 380], [720, 540]]) {
    const view = layout({ width, height, large: false }, data);
    assert.ok(view.x(29) + view.radius <= width && view.x(0) - view.radius >= view.left);
    assert.ok(2 * view.radius < view.wide, "nodes do not touch");
    assert.ok(view.lane(1).token <= height && view.lane(0).arc > 20);
  }
});

test("the table says what has arrived, and nothing before", () => {
  const data = { view: "back", tokens: ["a", "b", "c"], words: { there: "there" },
    lanes: [{ ...chain, log10: [-2, null, 0] }, { ...all, log10: [0, 0, 0] }] };
  assert.deepEqual(rows({ data, at: 1 }), [["", "0", "1.00"], ["1.00", "1.00", "1.00"]]);
});
