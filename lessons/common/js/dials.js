// All the controls of a page: the component's entry. What it says to Python, and what it hears: dials.py.

import { board } from "./dials_board.js";
import { pump } from "./dials_pump.js";
import { readAddress, writeAddress } from "./dials_address.js";

const STILL = 300; // milliseconds without a move, after which the address is written
const kept = new WeakMap();

/** Called at first, and again with each rerun. */
export default function dials({ data, parentElement, setStateValue }) {
  let one = kept.get(parentElement);
  if (!one) {
    parentElement.rnnLeave?.(); // this file has changed while the page was open
    kept.set(parentElement, (one = create(parentElement, data.words)));
    parentElement.rnnLeave = one.leave;
  }
  one.receive(data, value => setStateValue("values", value));
  return () => {
    one.leave();
    kept.delete(parentElement);
  };
}

function skeleton(parent, words) {
  const root = document.createElement("div"), mark = document.createElement("span");
  root.className = "rnn-dials";
  root.dataset.testid = "dials";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", words.settings);
  mark.className = "busy";
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", words.computing);
  mark.title = words.computing;
  parent.append(root);
  return { root, mark };
}

function create(parent, words) {
  const { root, mark } = skeleton(parent, words);
  const path = location.pathname, away = new AbortController();
  let tell = _values => {}, names = [], epoch = null, held = false, moved = 0, unfiled = false, timer = 0, went = null;

  const hands = {
    set() { moved = performance.now(); unfiled = true; flow.push(); },
    grab() { held = true; },
    release() { held = false; settle(); },
  };
  const shown = board(root, hands, words);
  const flow = pump(send, settle, busy => {
    root.toggleAttribute("data-busy", busy);
    root.ariaBusy = String(busy);
  });
  root.append(mark);

  function send(serial) {
    const about = { serial, epoch, ...went && { address: went } };
    went = null;
    tell({ ...shown.values(), "": about });
  }

  /** Write the address, once nothing moves any more. */
  function settle() {
    clearTimeout(timer);
    if (!unfiled || held || !flow.resting()) return;
    const still = moved + STILL - performance.now();
    if (still > 0) timer = setTimeout(settle, still);
    else file();
  }

  function file() {
    clearTimeout(timer);
    unfiled = false;
    if (location.pathname === path) writeAddress(shown.parameters(names));
  }

  // back to an older address of this same page: its values, if this is still here after Streamlit's answer to it
  let back = false;
  addEventListener("popstate", () => { back = location.pathname === path; }, { signal: away.signal });
  // a control that is set in the picture, not here
  addEventListener("rnn-holds", event => shown.put("holds", event.detail), { signal: away.signal });
  // how much of that there is in the network at hand
  addEventListener("rnn-kept", event => {
    if (!shown.keep("holds", event.detail)) return;
    unfiled = true;
    settle();
  }, { signal: away.signal });
  addEventListener("rnn-drawn", event => flow.drawn(Number(event.detail)), { signal: away.signal });
  // a finger that is lifted where nobody hears of it
  addEventListener("pointerup", () => { if (held) hands.release(); }, { signal: away.signal, capture: true });
  addEventListener("blur", () => { if (held) hands.release(); }, { signal: away.signal });

  function goBack() {
    back = false;
    const said = shown.parameters(names), asked = readAddress();
    if (Object.entries(said).every(([name, text]) => (asked[name]?.at(-1) ?? null) === text)) return;
    went = asked;
    unfiled = false;
    flow.push();
  }

  return {
    receive(data, say) {
      tell = say;
      names = data.names;
      const foreign = data.epoch !== epoch, newest = data.serial >= flow.serial();
      if (foreign) {
        flow.drop();
        shown.drop();
        epoch = data.epoch;
        unfiled = true;
      }
      flow.answered(data.serial);
      shown.receive(data.dials, foreign || (newest && !flow.waiting()));
      if (back) goBack();
      // what Python wrote there meanwhile may have been an older address
      else if (!foreign && !held && flow.resting()) unfiled = true;
      settle();
    },
    leave() {
      if (unfiled && !went) file();
      clearTimeout(timer);
      away.abort();
      flow.stop();
      root.remove();
    },
  };
}
