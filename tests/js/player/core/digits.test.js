// How many digits make a printed line multiply out.

import assert from "node:assert/strict";
import test from "node:test";
import { digitsOf, evaluate, leavesOf, readNumber } from "../../../../rnnviz/player/js/core/digits.js";
import { number } from "../../../../rnnviz/player/js/core/numbers.js";

const leaf = value => ({ value });
const tree = { minus: [{ add: [{ times: [leaf(0.3), leaf(0.7)] }, { call: "tanh", of: leaf(0.4) }] }, leaf(0.1)] };

test("a tree has the value of its formula", () => {
  assert.equal(evaluate(tree), 0.3 * 0.7 + Math.tanh(0.4) - 0.1);
  assert.deepEqual(leavesOf(tree).map(({ value }) => value), [0.3, 0.7, 0.4, 0.1]);
});

test("with the digits that are found, the printed numbers give the printed result", () => {
  for (let k = 1; k < 200; k++) {
    const [a, b, c] = [Math.sin(k), Math.cos(3 * k), Math.sin(7 * k)];
    const right = { add: [{ times: [leaf(a), leaf(b)] }, leaf(c)] }, result = leaf(a * b + c);
    const [{ result: shown, operands, equal }] = digitsOf([{ result, right }]);
    assert.ok(equal);
    const [x, y, z] = [a, b, c].map(value => readNumber(number(value, operands)));
    assert.equal(number(x * y + z, shown), number(a * b + c, shown));
  }
});

test("lines that can share their digits do", () => {
  const lines = [1, 2, 3].map(k => ({ result: leaf(k / 7), right: { times: [leaf(k), leaf(1 / 7)] } }));
  assert.equal(new Set(digitsOf(lines).map(({ operands }) => operands)).size, 1);
});

test("a line that no digits make come out says so", () => {
  assert.equal(digitsOf([{ result: leaf(1), right: leaf(2) }])[0].equal, false);
});
