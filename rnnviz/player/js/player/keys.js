// The keys of the player, where its focus goes, and which place the pointer or the focus lights up.

import { travelOf } from "../core/standing.js";

const JUMP = 10;
const RESTS = 500; // milliseconds after a drop in which the pointer lights up nothing
export const HELP = "Space plays and pauses, arrows step and choose a unit, with Shift left and right go from phase to "
  + "phase, Home and End, Page Up and Page Down jump, f and b choose the pass, u folds and unrolls, "
  + "Escape goes back to the hidden state. Where values can be held: Shift with up and down changes the "
  + "one that is focused or selected and holds it there, Delete frees it.";

const keysOf = (act, view) => ({
  " ": act.play, ArrowLeft: ({ repeat }) => act.step(-1, repeat), ArrowRight: ({ repeat }) => act.step(1, repeat),
  ArrowUp: () => act.unit(-1), ArrowDown: () => act.unit(1), Home: act.first, End: act.last,
  PageUp: () => act.step(-JUMP), PageDown: () => act.step(JUMP),
  "Shift ArrowLeft": () => act.phase(-travelOf(view)), "Shift ArrowRight": () => act.phase(travelOf(view)),
  f: () => act.pass(false), b: () => act.pass(true), u: () => act.fold(), Escape: act.escape,
});

/**
 * Listen to keys and pointer on the player's element; `signal` ends what listens to the window.
 * @param p the player: {root, view, alight, droppedAt}
 * @returns {() => void} `dim`: to be called where what is lit may be gone
 */
export function listen(p, act, signal) {
  const { root } = p, keys = keysOf(act, p.view);
  root.onkeydown = event => {
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const key = (event.shiftKey && keys[`Shift ${pressed}`]) || keys[pressed];
    if (!key || p.view.locked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("select, input")) return;
    if (event.key === " " && event.target.closest("button, summary")) return;
    event.preventDefault();
    event.stopPropagation();
    key(event);
  };
  const own = "button, select, input, summary, [tabindex='0']:not(.rnn-player)";
  root.onpointerdown = event => { if (!event.target.closest(own)) root.focus({ preventScroll: true }); };
  // after a click the keys are the player's again, and space plays; who comes by the keyboard stays where they are
  root.addEventListener("click", event => {
    if (event.detail && event.target.closest("button, [role='button']")) root.focus({ preventScroll: true });
  });
  return lights(p, act, signal);
}

function lights(p, act, signal) {
  const { root } = p;
  const lit = event => {
    if (event.type === "pointerover" && p.droppedAt && performance.now() - p.droppedAt < RESTS) return;
    const target = event.target.closest && event.target.closest("[data-ref]");
    act.light(target ? target.dataset.ref : null);
  };
  root.onpointerover = lit;
  root.onpointerleave = () => act.light(null);
  let byFocus = false;
  root.addEventListener("focusin", event => {
    byFocus = event.target.matches(":focus-visible") && event.target.closest("[data-ref]") !== null;
    if (byFocus) lit(event);
  });
  root.addEventListener("focusout", () => { if (byFocus) act.light(null); byFocus = false; });
  const focused = () => {
    const at = root.getRootNode().activeElement;
    return at && root.contains(at) && at.matches(":focus-visible") ? at.dataset.ref ?? null : null;
  };
  // the pointer is gone though it did not leave: what it was on was taken away, the page scrolled, or another window
  // is in front
  const dim = () => { if (p.alight) act.light(focused()); };
  const elsewhere = event => { if (!event.composedPath().includes(root)) dim(); };
  addEventListener("pointerover", elsewhere, { capture: true, signal });
  addEventListener("scroll", dim, { capture: true, passive: true, signal });
  addEventListener("blur", () => act.light(null), { signal });
  return dim;
}
