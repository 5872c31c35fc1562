// The player, to be mounted: payload.py says what its payload is, told.js what a view.

import { PayloadError } from "../core/model.js";
import { createPlayer } from "./one.js";

/**
 * Draw a player.
 * @param {Element | ShadowRoot} host  where to draw
 * @param {{payload?: string | Uint8Array, view?: object | null}} data  the bytes of payload.py, or the same in base64,
 *   left out where they are as before; what is shown of it, plain JSON, null: everything
 * @param {(said: {target: string, value: any}) => void} tell  hears "shown": where the reader has come to rest, and
 *   "holds": what is held, as text (core/holds.js)
 */
export function mount(host, data, tell) {
  const player = createPlayer(host, {
    report: shown => tell({ target: "shown", value: shown }),
    tellHolds: text => tell({ target: "holds", value: text }),
    onStep: now => dispatchEvent(new CustomEvent("rnn-step", { detail: now })),
  });
  let held = "";

  function bytesOf(payload) {
    if (typeof payload !== "string") return payload;
    if (payload === held) return undefined;
    held = payload;
    return Uint8Array.from(atob(payload), one => one.charCodeAt(0));
  }
  /** @param {{payload?: string | Uint8Array, view?: object | null}} given */
  const receive = ({ payload, view }) => player.receive(bytesOf(payload), view ?? undefined);

  try {
    receive(data);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    player.stop();
    host.append(error.message);
  }
  return {
    receive,
    play() { host.querySelector("[data-act=play]")?.dispatchEvent(new MouseEvent("click", { bubbles: true })); },
    resize() {},
    stop: player.stop,
  };
}
