// The player, to be mounted: see payload.py for `data`, told.js for `view`.

import { createPlayer } from "./one.js";

const mounted = new WeakMap();

/**
 * Draw a player, or bring the one that is there up to date.
 * @param {object} given
 *   parentElement  where to draw
 *   data           bytes of payload.py; may be left out where they are as before
 *   setStateValue  setStateValue("shown", {...}) hears where the reader has come to rest
 *   view           what is shown of it, plain JSON; nothing: everything
 *   onStep         onStep({step, unit, layer, direction, selected, backward, playing}) hears of each step at once
 * @returns {() => void} takes it away
 */
export function mount({ parentElement, data, setStateValue, view, onStep = () => {} }) {
  let player = mounted.get(parentElement);
  if (!player) { player = createPlayer(parentElement); mounted.set(parentElement, player); }
  player.receive({ data, view, onStep, report: shown => setStateValue?.("shown", shown) });
  return () => { player.stop(); mounted.delete(parentElement); };
}
