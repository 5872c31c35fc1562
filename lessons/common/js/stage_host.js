// A stage of any kind on a lesson's page: what Python sends it (stages.py), what it tells Python.
//
// It stays where it is over reruns. What it tells goes out one message at a time; its step does, once it has come to
// rest. Charts follow each step on the window.

import { conversation } from "./conversation.js";
import { afterFrame, said } from "./drawn.js";
import { stageIn } from "./stages.js";

const DRAWN = 100; // milliseconds
const kept = new WeakMap();

/** Called at first, and again with each rerun. */
export default function stage({ data, parentElement, setStateValue }) {
  let one = kept.get(parentElement);
  if (!one) kept.set(parentElement, (one = create(parentElement)));
  one.receive(data, message => setStateValue("said", message));
  return () => {
    one.leave();
    kept.delete(parentElement);
  };
}

function create(parent) {
  const root = document.createElement("div");
  root.className = "rnn-stage";
  parent.append(root);
  const talk = conversation(() => root.isConnected), steps = followed(root, step => talk.say("step", step));
  const scene = stageIn(root, (target, value) => { if (target !== "step") talk.say(target, value); });
  return {
    receive({ stage: given, height, serial, heard }, way) {
      talk.through(way);
      root.classList.toggle("natural", height === null);
      root.style.setProperty("--height", `${height}px`);
      steps.await(given);
      scene.receive(given, false).then(() => {
        steps.known(given);
        if (serial) afterFrame(() => said(serial));
      });
      talk.heard(heard);
    },
    leave() {
      steps.stop();
      talk.stop();
      scene.stop();
      root.remove();
    },
  };
}

/**
 * The step at which a stage stands, as its root says it (`data-step`): on the window at once, told where nothing plays.
 * The player does both by itself; where a network learns, what it counts are no steps.
 */
function followed(root, tell) {
  let kind = null, token = null, step = null, told = null, awaited = 0; // awaited: until when a step is no news
  const watch = new MutationObserver(look);
  watch.observe(root, { subtree: true, attributeFilter: ["data-step", "data-playing"] });

  function standing() {
    const { dataset } = root.querySelector(".kind:not(.leaving) [data-steps]") ?? root;
    return { step: Number(dataset.step ?? NaN), playing: dataset.playing === "true" };
  }
  function look() {
    const now = standing();
    if (kind === null || kind === "player" || kind === "learn" || Number.isNaN(now.step)) return;
    if (now.step !== step) dispatchEvent(new CustomEvent("rnn-step", { detail: { unit: 0, ...now } }));
    step = now.step;
    if (now.playing || step === told) return;
    told = step;
    if (performance.now() > awaited) tell(step);
  }
  return {
    /** What is set anew stands, within a few frames after it is drawn, where Python has sent it: no news. */
    await(stage) {
      if (stage.kind !== kind) kind = null;
      const now = JSON.stringify([stage.kind, stage.token]);
      if (now !== token) awaited = Infinity;
      token = now;
    },
    known(stage) {
      kind = stage.kind;
      if (awaited === Infinity) awaited = performance.now() + DRAWN;
      look();
    },
    stop() { watch.disconnect(); },
  };
}
