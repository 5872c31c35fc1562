// What a component tells Python: never more than one message in flight, nothing lost.
//
// Each message has a serial; Python answers with the last that it has heard. What is said meanwhile waits, and of the
// same target only the newest value is kept. An answer that never comes counts as lost, and all is said again.

import { speak, whenQuiet } from "./dials_quiet.js";

const PATIENCE = 4000; // milliseconds

/**
 * @param {() => boolean} alive  whether the component is still on the page; what it said last is not said again later
 * @returns what is said goes out `through` a function, and `heard(serial)` says how far Python has come
 */
export function conversation(alive) {
  let send = _message => {}, serial = 0, waiting = [], flying = [], since = 0, timer = 0;
  let callOff = null; // of a message that waits until Streamlit is quiet

  function pump() {
    clearTimeout(timer);
    if (!alive()) return;
    const lost = flying.length && performance.now() - since > PATIENCE;
    if (lost) [waiting, flying] = [[...flying, ...waiting], []];
    if (!flying.length && waiting.length && !callOff) {
      callOff = () => {};
      const done = whenQuiet(leave);
      if (callOff) callOff = done;
    }
    if (flying.length) later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(pump, PATIENCE + 50);
  }

  function leave() {
    callOff = null;
    [flying, waiting] = [waiting, []];
    since = performance.now();
    speak();
    send({ serial: ++serial, events: flying });
    later();
  }

  return {
    /** Where messages go; a new one with each rerun. */
    through(way) { send = way; },
    /** Tell Python. */
    say(target, value) {
      waiting = [...waiting.filter(event => event.target !== target), { target, value }];
      pump();
    },
    /** Python has heard everything up to this serial. */
    heard(upTo) {
      if (upTo > serial) serial = upTo; // the component was mounted anew
      if (upTo < serial && flying.length) return;
      flying = [];
      pump();
    },
    busy: () => flying.length > 0,
    stop() {
      clearTimeout(timer);
      callOff?.();
    },
  };
}
