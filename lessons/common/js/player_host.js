// The player on a lesson's page: what Python sends it, what it tells Python, where the reader stands in the address.
//
// `data` is bytes: the length of a head (4 bytes, little endian), the head as JSON, the player's payload. The head:
// {serial, view, page, shown, holds}; `page` is where the page starts it, `shown` where Python knows it to stand,
// `holds` what is held of all that the reader holds, or null.

import { mount } from "./rnnviz/player.js";
import { writeAddress } from "./dials_address.js";
import { speak, whenQuiet } from "./dials_quiet.js";
import { parameters } from "./player_address.js";

const FILED = 100; // milliseconds without news from Python, after which the address is written
const kept = new WeakMap();
const decoder = new TextDecoder();

function opened(data) {
  const size = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  return { ...JSON.parse(decoder.decode(data.subarray(4, 4 + size))), payload: data.slice(4 + size) };
}

/** The payload of a player that begins where the reader stands: where its page starts it, it may have left long ago. */
function standing(payload, shown) {
  const size = new DataView(payload.buffer).getUint32(0, true);
  const head = JSON.stringify({ ...JSON.parse(decoder.decode(payload.subarray(4, 4 + size))), start: shown });
  const blanks = -new TextEncoder().encode(head).length & 3, text = new TextEncoder().encode(head + " ".repeat(blanks));
  const bytes = new Uint8Array(4 + text.length + payload.length - 4 - size);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(payload.subarray(4 + size), 4 + text.length);
  return bytes;
}

/** Called at first, and again with each rerun. */
export default function player({ data, parentElement, setStateValue }) {
  let one = kept.get(parentElement);
  if (!one) {
    parentElement.rnnLeave?.(); // this file has changed while the page was open
    kept.set(parentElement, (one = create(parentElement)));
    parentElement.rnnLeave = one.leave;
  }
  one.receive(opened(data), shown => setStateValue("shown", shown));
  return () => {
    one.leave();
    kept.delete(parentElement);
  };
}

function create(parent) {
  const path = location.pathname, host = /** @type {any} */ (parent).host ?? parent; // it may be a shadow root
  let given = null, tell = _shown => {}, forget = () => {}, one = null, wide = null, place = null, filing = 0;

  function keep() {
    if (given.holds !== null) dispatchEvent(new CustomEvent("rnn-kept", { detail: given.holds }));
  }
  function address() {
    clearTimeout(filing);
    filing = 0;
    keep(); // the controls may not have been there when this came
    if (place && location.pathname === path) writeAddress(parameters(place, given.page));
  }
  /** The browser takes milliseconds to write it, and there is something to draw. */
  function addressSoon() {
    clearTimeout(filing);
    filing = setTimeout(address, FILED);
  }
  function told(shown) {
    place = shown;
    address();
    forget();
    forget = whenQuiet(() => { speak(); tell(shown); });
  }
  /** What is held is one of the page's controls, and goes the way of all of them (dials.js). */
  function hear({ target, value }) {
    if (target === "holds") dispatchEvent(new CustomEvent("rnn-holds", { detail: value }));
    else told(value);
  }
  function show() {
    const { payload, view, shown, serial } = given;
    if (one) one.receive({ payload, view });
    else one = mount(parent, { payload: standing(payload, shown), view }, hear);
    requestAnimationFrame(() => setTimeout(() => dispatchEvent(new CustomEvent("rnn-drawn", { detail: serial }))));
  }
  /** Hidden, or not laid out yet: there is nothing to draw on. */
  function once(then) {
    wide?.disconnect();
    const has = () => host.getBoundingClientRect().width > 0;
    if (one || has()) { then(); return; }
    wide = new ResizeObserver(() => { if (has()) { wide.disconnect(); then(); } });
    wide.observe(host);
  }

  return {
    receive(next, say) {
      const sent = !given || next.shown.token !== given.shown.token;
      given = next;
      tell = say;
      if (sent) place = next.shown;
      if (place) addressSoon();
      keep();
      once(show);
    },
    leave() {
      clearTimeout(filing); // the address may be that of another page by now
      wide?.disconnect();
      forget();
      one?.stop();
    },
  };
}
