// What a component tells Python: one message in flight, nothing lost.

import assert from "node:assert/strict";
import test from "node:test";

// a page without Streamlit is always quiet
Object.assign(globalThis, {
  document: { querySelector: () => null },
  MutationObserver: class { observe() {} disconnect() {} },
});
const { conversation } = await import("../../../lessons/common/js/conversation.js");

const pause = milliseconds => new Promise(then => { setTimeout(then, milliseconds); });

/** A conversation until the test ends, and what has left. */
function talking(context) {
  const sent = [], talk = conversation(() => true);
  context.after(() => talk.stop());
  talk.through(message => sent.push(message));
  return { sent, talk };
}

test("nothing leaves before the last message was heard; of a target the newest value leaves", async context => {
  const { sent, talk } = talking(context);
  talk.say("rho", 1);
  for (const value of [2, 3, 4]) talk.say("rho", value);
  talk.say("step", 7);
  await pause(400);
  assert.deepEqual(sent, [{ serial: 1, events: [{ target: "rho", value: 1 }] }]);
  assert.ok(talk.busy());
  talk.heard(1);
  await pause(400);
  assert.deepEqual(sent[1].events, [{ target: "rho", value: 4 }, { target: "step", value: 7 }]);
  talk.heard(2);
  await pause(300);
  assert.equal(sent.length, 2);
});

test("a component that was mounted anew goes on counting where Python is", async context => {
  const { sent, talk } = talking(context);
  talk.heard(41);
  await pause(300);
  talk.say("step", 1);
  await pause(400);
  assert.equal(sent[0].serial, 42);
});
