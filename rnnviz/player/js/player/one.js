// One player in one element: what it is given, and what comes of it.

import { decode } from "../core/model.js";
import { moving } from "../core/moving.js";
import { stand, startView, travelOf, where } from "../core/standing.js";
import { actsOf, movesOf } from "./acts.js";
import { clockOf } from "./clock.js";
import { frameOf } from "./frame.js";
import { framesOf } from "./frames.js";
import { holding, holds } from "./holding.js";
import { listen } from "./keys.js";
import { NAMES, panelsOf } from "./panels.js";
import { mark, reporting, sentence } from "./reporting.js";
import { showWhole } from "./room.js";
import { sizesOf } from "./sizes.js";
import { takeView } from "./told.js";

const MOVE_MS = 220, FOLD_MS = 700;

/**
 * @param {Element | ShadowRoot} parent
 * @param {{report(shown: any): void, onStep(now: any): void, tellHolds(text: string): void}} heard  who hears where the
 *   reader has come to rest, of each step at once, and what is held
 */
export function createPlayer(parent, heard) {
  const frame = frameOf(parent, NAMES), { root, parts, note, live } = frame;
  const p = {
    root, frame, model: null, bytes: null, view: startView(), position: moving(0), fold: moving(0), sized: false,
    panels: [], stage: null, alight: false, dim: null, droppedAt: 0, seek: null,
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    ...heard, halt: () => moves.stop(),
    select: (ref, at) => /** @type {any} */ (act).select(ref, at), again, glance,
    refresh, started, tell: () => telling.tell(),
  };
  const { view } = p, moves = movesOf(p), act = actsOf(p, moves), telling = reporting(p), clock = clockOf(p, moves);
  const away = new AbortController(), hand = holding(p);
  holds(p, hand, away.signal);
  const dim = (p.dim = listen(p, act, away.signal));
  const panels = panelsOf(p, act, hand), frames = framesOf(p, clock);
  const sizes = sizesOf(p, parent, { refresh, paint: frames.paint });

  function refresh() {
    mark(root, p.model, view);
    telling.stepped();
    if (!view.playing) telling.later();
    panels.arrange();
    if (!p.sized) return; // no size yet: drawn when there is one
    panels.update();
    if (!view.playing) live.textContent = sentence(p.model, view);
    frames.paint();
  }
  function started() {
    clock.started();
    if (!view.story && !parts.circuit.hidden) showWhole(parts.bar, parts.circuit, p.calm.matches);
  }
  function glance() {
    if (!p.sized) return;
    panels.glance();
    frames.paint();
  }

  // another network, in the place of the old; -> whether it sends the reader somewhere itself
  function decoded(payload) {
    p.bytes = payload.slice();
    dim();
    const stood = p.model === null ? null : where(p.model, view);
    p.model = decode(p.bytes);
    hand.received();
    root.setAttribute("aria-label", `${p.model.cell.toUpperCase()} network, ${p.model.steps} steps, player`);
    note.textContent = p.model.note;
    const sent = p.model.start.token !== p.seek;
    view.hideFrom = null;
    stand(p.model, view, sent ? p.model.start : stood);
    if (sent) { telling.known(p.model.start); view.playing = false; } // the page knows where it sent the reader
    p.seek = p.model.start.token;
    return sent;
  }
  function again() {
    p.model = decode(p.bytes);
    hand.received();
    refresh();
  }

  return {
    /**
     * @param {Uint8Array | undefined} data  another payload
     * @param {any} wanted  what is shown of it, see told.js
     */
    receive(data, wanted) {
      if (p.model === null && !data) return; // nothing to show yet
      const first = p.model === null, fresh = first || (data && !same(p.bytes, data));
      const before = view.t, wasStory = view.story, told = wanted ?? {};
      const sent = fresh && decoded(data), led = takeView(p, told, first && wanted);
      if (led && wanted) telling.known(where(p.model, view)); // as above
      if (first) { panels.build(); sizes.begin(); }
      const jumps = !first && !p.calm.matches && (sent || (led && Boolean(wanted)));
      moveTo(p, before, { first, fresh, jumps });
      if (!fresh) sizes.recolour();
      if (first || wasStory !== view.story) { panels.arrange(); sizes.measure(); }
      refresh();
      if (!led || !Number.isInteger(told.play_to)) return;
      telling.known({}); // when it has played it is told where it rests, also where that is no other place
      moves.play(told.play_to - (p.model.stepName(0) - 1));
    },
    stop() {
      for (const one of [frames, telling, sizes]) one.stop();
      away.abort();
      root.remove();
      frame.behind.remove();
    },
  };
}

/** Go to where the reader is sent; where another network has come, stay. */
function moveTo({ view, position, fold, calm }, before, { first, fresh, jumps }) {
  if (jumps) { view.gliding = true; position.send(view.t, MOVE_MS, performance.now()); }
  else if (view.playing && view.t !== before) position.send(view.t - travelOf(view), 0, 0);
  else if ((fresh && !view.playing) || view.t !== before) position.send(view.t, 0, 0);
  const folding = view.folded ? 1 : 0;
  if (fold.to() !== folding) fold.send(folding, first || calm.matches ? 0 : FOLD_MS, performance.now());
}

function same(one, other) {
  if (one.length !== other.length) return false;
  for (let k = 0; k < one.length; k++) if (one[k] !== other[k]) return false;
  return true;
}
