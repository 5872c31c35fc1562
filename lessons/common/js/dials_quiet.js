// Whether Streamlit can be told something without interrupting it: a message that comes while a script runs makes it
// begin anew, and what it had not sent yet is taken for gone.

const app = () => document.querySelector("[data-testid='stApp']");
const POLL = 100; // milliseconds; where nothing says that the state has changed

/** Whether the connection to the server stands; a message would only be an error in the console. */
export const connected = () => (app()?.getAttribute("data-test-connection-state") ?? "CONNECTED") === "CONNECTED";

/** Whether a script is running, or has been asked to. */
export function running() {
  const state = app()?.getAttribute("data-test-script-state") ?? "notRunning";
  return state === "running" || state === "rerunRequested";
}

/**
 * Call `then` as soon as nothing runs and the connection stands; at once where that is so.
 * @returns {() => void} what calls it off
 */
export function whenQuiet(then) {
  if (!running() && connected()) { then(); return () => {}; }
  let timer = 0;
  const watch = new MutationObserver(look), stop = () => { watch.disconnect(); clearInterval(timer); };
  function look() {
    if (running() || !connected()) return;
    stop();
    then();
  }
  timer = setInterval(look, POLL);
  if (app()) watch.observe(app(), { attributeFilter: ["data-test-script-state", "data-test-connection-state"] });
  return stop;
}
