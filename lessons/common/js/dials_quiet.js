// When Streamlit can be told something: when no script runs, and nobody else has just spoken.
//
// Runs of one fragment that follow each other so closely that their messages reach the browser together are its bane:
// the end of one takes away what bears the number of the other, and each component is mounted anew, at no width.

const POLL = 100; // milliseconds; where nothing says that the state has changed
const BEGINS = 250; // within that time the script begins to run, once it is asked to
const PATIENCE = 1500; // a script that runs longer than that is interrupted, as Streamlit does it at once

const STATES = ["data-test-script-state", "data-test-connection-state"];

let spoken = -BEGINS, watched = null;

const app = () => document.querySelector("[data-testid='stApp']");

/** Whether the connection to the server stands; a message would only be an error in the console. */
export const connected = () => (app()?.getAttribute("data-test-connection-state") ?? "CONNECTED") === "CONNECTED";

/** Whether a script is running, or has been asked to. */
export function running() {
  const state = app()?.getAttribute("data-test-script-state") ?? "notRunning";
  if (state !== "running" && state !== "rerunRequested") return false;
  spoken = -BEGINS; // what was said is being answered
  return true;
}

/** Nobody speaks, and no script runs. */
export const quiet = () => connected() && !running() && performance.now() - spoken > BEGINS;

/** To be called by who tells Streamlit something. */
export function speak() {
  spoken = performance.now();
  if (!app() || watched === app()) return;
  watched = app();
  new MutationObserver(running).observe(watched, { attributeFilter: STATES });
}

/**
 * Call `then` as soon as it is quiet, at once where it is; after `patience` also where it is not, unless the
 * connection is down.
 * @returns {() => void} what calls it off
 */
export function whenQuiet(then, patience = PATIENCE) {
  if (quiet()) { then(); return () => {}; }
  const begun = performance.now(), watch = new MutationObserver(look), timer = setInterval(look, POLL);
  const stop = () => { watch.disconnect(); clearInterval(timer); };
  function look() {
    if (!quiet() && !(connected() && performance.now() - begun > patience)) return;
    stop();
    then();
  }
  if (app()) watch.observe(app(), { attributeFilter: STATES });
  return stop;
}
