// A stage of any kind on a lesson's page: what Python sends it (stages.py), what it tells Python.
//
// It stays where it is over reruns. What it tells goes out one message at a time; of its steps, while it plays, only
// the last does, once it has come to rest. Charts follow them on the window.

import { conversation } from "./conversation.js";
import { afterFrame, said } from "./drawn.js";
import { stageIn } from "./stages.js";

const REST = 150; // milliseconds between two looks whether it still plays
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
  const talk = conversation(() => root.isConnected), steps = atRest(root, step => talk.say("step", step));
  const scene = stageIn(root, (target, value) => {
    if (target === "step") steps.hear(value);
    else talk.say(target, value);
  });
  return {
    receive({ stage: given, height, serial, heard }, way) {
      talk.through(way);
      root.classList.toggle("natural", height === null);
      root.style.setProperty("--height", `${height}px`);
      scene.receive(given, false).then(() => { if (serial) afterFrame(() => said(serial)); });
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

/** Steps are on the window at once; told, only where nothing plays. */
function atRest(root, tell) {
  let step = null, timer = 0;
  const plays = () => root.querySelector("[data-playing='true']") !== null;
  function look() {
    clearTimeout(timer);
    if (plays()) timer = setTimeout(look, REST);
    else if (step !== null) { tell(step); step = null; }
  }
  return {
    hear(value) {
      const at = typeof value === "object" ? value : { step: value };
      dispatchEvent(new CustomEvent("rnn-step", { detail: { unit: 0, ...at, playing: plays() } }));
      step = value;
      clearTimeout(timer);
      timer = setTimeout(look);
    },
    stop() { clearTimeout(timer); },
  };
}
