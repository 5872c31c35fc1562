// The pure parts of a network that writes: temperatures, what a number hits, when what moves, what is shaded.

import assert from "node:assert/strict";
import test from "node:test";
import { momentOf, written } from "../../rnnviz/player/js/writing/moments.js";
import { bars, hit, ranked, tempered } from "../../rnnviz/player/js/writing/odds.js";
import { runs } from "../../rnnviz/player/js/writing/opened.js";
import { shadeOf } from "../../rnnviz/player/js/writing/page.js";

const LOGITS = [0.3, -1.2, 2.0, 0.9, 0.9];
const sum = list => list.reduce((a, b) => a + b, 0);
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

test("temperature divides the logits; at zero the largest has it all", () => {
  const p = tempered(LOGITS, 0.5), powers = LOGITS.map(y => Math.exp(2 * y));
  p.forEach((one, k) => near(one, powers[k] / sum(powers)));
  assert.deepEqual(tempered(LOGITS, 0), [0, 0, 1, 0, 0]);
  near(sum(tempered(LOGITS, 1e-6)), 1);
});

test("letters lie side by side from the likeliest on, and each is hit as often as it is likely", () => {
  const p = tempered(LOGITS, 1), n = 5000, hits = p.map(() => 0);
  assert.deepEqual(ranked(p), [2, 3, 4, 0, 1]);
  for (let k = 0; k < n; k += 1) hits[hit(p, (k + 0.5) / n)] += 1;
  hits.forEach((times, k) => assert.ok(Math.abs(times - n * p[k]) <= 1.01));
});

test("the bars are all that there is, and stand where the strip has them", () => {
  const found = bars(tempered(LOGITS, 1), 3);
  assert.deepEqual(found.map(({ k }) => k), [2, 3, 4, -1]);
  near(sum(found.map(({ p }) => p)), 1);
  found.forEach((one, k) => near(one.from, sum(found.slice(0, k).map(({ p }) => p))));
});

test("a letter is drawn before it flies, and at the end the last draw stays", () => {
  assert.deepEqual(momentOf(3, 10), { n: 3, needle: 0, hit: false, flight: 0 });
  const late = momentOf(3.7, 10);
  assert.ok(late.hit && late.needle === 1 && late.flight > 0 && late.flight < 1);
  assert.deepEqual(momentOf(10, 10), { n: 9, needle: 1, hit: true, flight: 1 });
  assert.equal(written(3.99), 3);
});

test("a temperature that is set holds from there on, and what was before stays", () => {
  assert.deepEqual(runs([1, 1, 1, 1], 2, 0.5), [[0, 1], [2, 0.5]]);
  assert.deepEqual(runs([1, 0.2, 0.2, 3], 1, 1), [[0, 1]]);
  assert.deepEqual(runs([1, 1], 0, 0), [[0, 0]]);
});

test("a letter has its own shade, or that of how much it mattered for the next one", () => {
  const own = { prompt: 2, shades: { width: 1, values: [0.1, 0.2, 0.3] } };
  assert.equal(shadeOf(own, 1, 3), 0.2);
  const back = { prompt: 2, shades: { width: 2, values: [1, 2, 3, 4] } }; // after no draw, after one
  assert.deepEqual([0, 1].map(t => shadeOf(back, t, 2)), [2, 1]);
  assert.deepEqual([0, 1, 2].map(t => shadeOf(back, t, 3)), [null, 4, 3]);
  assert.equal(shadeOf({ prompt: 2, shades: null }, 0, 2), null);
});
