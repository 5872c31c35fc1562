// The keys of a story.

import assert from "node:assert/strict";
import test from "node:test";
import { answerFor } from "../../../lessons/common/js/story_keys.js";

test("a digit is the choice of that number, and none where there is none", () => {
  const beat = { question: { choices: [{ id: "grows" }, { id: "fades" }] } };
  assert.deepEqual([1, 2, 3].map(number => answerFor(beat, number)), ["grows", "fades", undefined]);
  assert.equal(answerFor({ question: null }, 1), undefined);
});
