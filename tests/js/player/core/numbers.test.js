// Numbers as text: significant digits, and nothing that reads as what it is not.

import assert from "node:assert/strict";
import test from "node:test";
import { readNumber } from "../../../../rnnviz/player/js/core/digits.js";
import { number, percent, superscript } from "../../../../rnnviz/player/js/core/numbers.js";

const SOME = [0.5, -0.5, 1 / 3, 2 / 3, 12.3456, -1234.5, 0.00012345, 1e-7, -3.2e-200, 6.02e23, 999999, 0.0999];

test("a number is printed with three significant digits and read back within half of the last", () => {
  for (const value of SOME) {
    const back = readNumber(number(value));
    assert.ok(Math.abs(back - value) <= 0.0051 * Math.abs(value), `${value} as ${number(value)}`);
  }
});

test("the minus sign is a true one, and powers of ten are written as such", () => {
  assert.equal(number(-0.5), "−0.500");
  assert.equal(number(1.5e-9), "1.50×10⁻⁹");
  assert.equal(superscript(-120), "⁻¹²⁰");
});

test("what is less than 1 does not read as 1", () => {
  assert.equal(number(0.9996), "0.9996");
  assert.notEqual(Number(number(0.99999)), 1);
});

test("what is not finite is not hidden", () => {
  assert.deepEqual([Infinity, -Infinity, NaN].map(value => number(value)), ["∞", "−∞", "NaN"]);
  assert.equal(readNumber("−∞"), -Infinity);
});

test("a share that is nearly none or nearly all does not read as none or all", () => {
  const shares = [0, 0.001, 0.005, 0.5, 0.994, 0.999, 1];
  assert.deepEqual(shares.map(percent), ["0%", "<1%", "1%", "50%", "99%", ">99%", "100%"]);
});
