// The controls of a beat: at most one row, made of the same parts as those of a page to explore.

import { board } from "./dials_board.js";

/**
 * @param {HTMLElement} host
 * @param {{say(target: string, value: unknown): void}} talk  hears each move at once
 */
export function controlsIn(host, talk) {
  const root = host.appendChild(document.createElement("div"));
  root.className = "rnn-dials";
  let shown = null, epoch = null, words = null;
  return {
    /** What was moved in the picture may be one of these: their next values count. */
    follow() { epoch = null; },
    /** Show these controls; values from here win where the beat was set anew, else those under the reader's hand. */
    receive(dials, at, said) {
      host.hidden = !dials.length;
      if (dials.length) root.dataset.testid = "dials";
      else delete root.dataset.testid;
      if (!dials.length && !shown) return;
      words ??= said;
      shown ??= board(root, { set: (id, value) => talk.say(id, value) }, words);
      shown.receive(dials, at !== epoch);
      epoch = at;
    },
  };
}
