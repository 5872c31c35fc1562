// One message in flight: the next one leaves, with the newest values, when the answer to the last has been drawn and
// the script that drew it has ended.
//
// A server that answers slowly is asked less often: a rest follows each answer that took long, so that a session that
// drags without end takes no more than about half of what there is. An answer that never comes counts as lost, and the
// newest values are sent once more.

import { connected, quiet, running, speak, whenQuiet } from "./dials_quiet.js";

const QUICK = 250; // milliseconds: an answer that is drawn within is followed by the next message at once
const LOST = 5000; // an answer that has not come by then, nor within LATE times what one takes, counts as lost
const LATE = 8;
const UNDRAWN = 400; // where nothing says that it has drawn, an answer counts as drawn so long after its script ended
const OFFLINE = 400; // how often one looks whether the connection is back

/**
 * @param {(serial: number) => void} send  sends the newest values under this number
 * @param {() => void} rest  called when an answer has been drawn and nothing waits
 * @param {(busy: boolean) => void} show  whether an answer is being waited for
 */
export function pump(send, rest, show) {
  let serial = 0, flying = 0, since = 0, took = 0, until = 0, timer = 0, forget = () => {};
  let waiting = false, impatient = false, speaks = false;
  const now = () => performance.now();

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(work, Math.max(ms, 0));
  }

  function work() {
    clearTimeout(timer);
    if (flying) {
      const left = since + Math.max(LOST, LATE * took) - now();
      if (left > 0 || (running() && connected())) { later(Math.max(left, OFFLINE)); return; }
      forget();
      flying = 0;
      waiting = true;
    }
    if (!waiting) return;
    if (until > now()) { later(until - now()); return; }
    if (!quiet() && !impatient) {
      forget();
      forget = whenQuiet(() => { impatient = connected(); work(); });
      return;
    }
    forget();
    waiting = impatient = false;
    flying = ++serial;
    since = now();
    show(true);
    speak();
    send(flying);
    later(LOST);
  }

  function landed() {
    forget();
    took = now() - since;
    until = now() + Math.max(took - QUICK, 0);
    flying = 0;
    show(false);
    if (waiting) work();
    else rest();
  }

  return {
    /** There are new values. */
    push() {
      waiting = true;
      if (!flying) work();
    },
    /** What waits need not be sent any more. */
    drop() { waiting = false; },
    /** Python has heard the message of this number, and draws. */
    answered(number) {
      if (number > serial) serial = number; // this component was mounted anew, Python was not
      if (!flying || number < flying || speaks) return;
      forget();
      let wait = 0;
      const call = whenQuiet(() => { wait = setTimeout(landed, UNDRAWN); }, Infinity);
      forget = () => { call(); clearTimeout(wait); };
    },
    /** The answer to the message of this number is on the screen. */
    drawn(number) {
      speaks = true;
      if (!flying || number < flying) return;
      forget();
      forget = whenQuiet(landed, Infinity);
    },
    /** Whether there are values that have not been sent. */
    waiting: () => waiting,
    /** Whether nothing is under way, and nothing waits. */
    resting: () => !flying && !waiting,
    serial: () => serial,
    stop() { clearTimeout(timer); forget(); },
  };
}
