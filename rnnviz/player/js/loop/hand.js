// What the reader's hand has set counts more than an answer that comes later than the hand.

const REST = 400; // ms without anything new: the hand lies still

/** One value at a time, by name. */
export function createHand() {
  let last = null;
  let held = false;
  const moves = () => held || (last !== null && performance.now() - last.at < REST);
  return {
    /** Whether a pointer or a key is down. */
    hold(on) {
      held = on;
      if (last) last.at = performance.now();
    },
    set(name, value) {
      last = { name, value, at: performance.now() };
    },
    /** The value that stands when an answer says `value`: the hand's, until it rests and the answer to it is there. */
    over(name, value) {
      if (!last || last.name !== name) return value;
      if (!moves() && Math.abs(value - last.value) < 1e-9) last = null;
      return last ? last.value : value;
    },
    /** Another picture: what was set counts no more, unless the hand moves at this moment. */
    leave(turned) {
      if (turned || !moves()) last = null;
    },
  };
}
