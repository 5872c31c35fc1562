// What a click says.

import assert from "node:assert/strict";
import test from "node:test";
import { stageOf, valueOf } from "../../../lessons/common/js/events.js";

test("a value is JSON where it is some, else the text itself", () => {
  const said = ["3", '{"x": 1}', "forget", undefined];
  assert.deepEqual(said.map(valueOf), [3, { x: 1 }, "forget", null]);
});

test("a link of a stage names a place and what else it sets", () => {
  assert.deepEqual(stageOf("stage:f?step=9&pass=backward"), { select: "f", step: 9, pass: "backward" });
  assert.deepEqual(stageOf("stage:?preset=cliff"), { preset: "cliff" });
});
