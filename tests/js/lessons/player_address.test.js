// Where the reader stands in the player, as the address says it.

import assert from "node:assert/strict";
import test from "node:test";
import { parameters } from "../../../lessons/common/js/player_address.js";

const PAGE = { step: 3, unit: 1, layer: 0, direction: 0, selected: "f", backward: false };

test("step and unit stand there always, counted from 1; of the rest, what is not as the page starts it", () => {
  const quiet = { pass: null, see: null, layer: null, direction: null };
  assert.deepEqual(parameters(PAGE, PAGE), { step: "4", unit: "2", ...quiet });
  const moved = parameters({ ...PAGE, step: 0, backward: true, selected: "c", layer: 1 }, PAGE);
  assert.deepEqual(moved, { step: "1", unit: "2", pass: "backward", see: "c", layer: "2", direction: null });
});
