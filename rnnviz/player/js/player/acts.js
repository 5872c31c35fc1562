// What can be done with the player: each act changes `view` and has it drawn. Acts are the reader's, by keys, clicks
// and drags, and do nothing while the player is locked; `moves` are the page's own.

import { clamp } from "../core/moving.js";
import { mapOf, places } from "../core/names.js";
import { showsPlace } from "../core/shown.js";
import { phasesOf } from "../core/phases.js";
import { paceOf } from "./clock.js";
import { allowed, chooseUnit, countOf, ofUnit, travelOf, visible } from "../core/standing.js";

const MOVE_MS = 220, SCRUB_MS = 90, FOLD_MS = 700;

/** @param p the player: {model, view, position, fold, calm, panels, refresh(), tell(), started()} */
export function movesOf(p) {
  const { view } = p;
  const moves = {
    // the step t is the one that is looked at; how it comes there is the caller's
    stand(t) {
      view.t = allowed(p.model, view, clamp(t, 0, p.model.T - 1));
      p.refresh();
    },
    // to t in a moment, through all that lies between
    go(t, milliseconds = MOVE_MS) {
      moves.stand(t);
      view.gliding = true;
      p.position.send(view.t, p.calm.matches ? 0 : milliseconds, performance.now());
    },
    // on to the next step in the direction in which the pass travels: its signals travel
    travel(t) {
      const from = view.t;
      moves.stand(t);
      if (view.t === from || p.calm.matches) { moves.go(view.t, 0); return; }
      view.gliding = false;
      p.position.send(from, 0, 0);
      p.position.send(view.t, paceOf(view), performance.now(), true);
      p.refresh();
    },
    // in the middle of a step it stays where it is
    stop() {
      if (!view.playing) return;
      view.playing = false;
      view.playTo = null;
      p.refresh();
    },
    // to the end of the pass, or to the step `to`: where that is the one that is stood at, its own signals travel
    play(to = null) {
      const [first, last] = visible(p.model, view), by = travelOf(view), [start, end] = by > 0 ? [first, last]
        : [last, first];
      const rests = p.position.now() === view.t;
      if (first >= last && to !== view.t) return;
      view.playing = true;
      view.playTo = to;
      view.gliding = false;
      // from the beginning: the first step travels too
      const begins = to === null ? view.t === end || view.t === start : view.t === to;
      if (begins && rests) {
        p.position.send((to ?? start) - by, 0, 0);
        moves.stand(to ?? start);
      } else if (!rests && Math.abs(p.position.now() - view.t) >= 1) p.position.send(view.t, 0, 0);
      p.started();
      p.refresh();
    },
    fold(folded) {
      view.folded = folded;
      p.fold.send(folded ? 1 : 0, p.calm.matches ? 0 : FOLD_MS, performance.now());
      p.refresh();
    },
    // where it goes from here while it plays: +1 or -1; 0 at the end
    onward() {
      const [first, last] = visible(p.model, view), to = view.playTo;
      const by = to === null ? travelOf(view) : Math.sign(to - view.t), next = view.t + by;
      return next < first || next > last ? 0 : by;
    },
  };
  return moves;
}

export function actsOf(p, moves) {
  const { view } = p;
  const acts = {
    go: moves.go,
    // at once where a key is held down
    step(by, held = false) {
      moves.stop();
      if (by === travelOf(view) && !held) moves.travel(view.t + by); else moves.go(view.t + by);
    },
    first() { moves.stop(); moves.go(0); },
    last() { moves.stop(); moves.go(p.model.T - 1); },
    // the share u of the step that is looked at, and there it stays
    within(u) {
      moves.stop();
      view.gliding = false;
      p.position.send(view.t - travelOf(view) * (1 - clamp(u, 0, 1)), 0, 0);
      p.refresh();
    },
    // the phase of the step before or after the one that is going on; beyond the ends, the step next to it
    phase(by) {
      moves.stop();
      const travels = travelOf(view), now = 1 - travels * (view.t - p.position.now());
      const marks = [...phasesOf(p.model, view).map(({ from }) => from).filter(from => from > 0), 1];
      const next = by > 0 ? marks.find(mark => mark > now + 1e-6) : [0, ...marks].findLast(mark => mark < now - 1e-6);
      if (next === undefined && by < 0) { acts.step(-travels); return; }
      if (next === undefined) moves.stand(view.t + travels);
      const to = view.t - travels * (1 - (next ?? marks[0]));
      view.gliding = false;
      if (by > 0) p.position.send(next === undefined ? view.t - travels : p.position.now(), 0, 0);
      p.position.send(to, p.calm.matches ? 0 : Math.abs(to - p.position.now()) * paceOf(view), performance.now(), true);
      p.refresh();
    },
    // a finger or a pointer on the time axis: `share` of the column of step t, and the step's phases with it
    scrub(t, share = 1) {
      moves.stop();
      if (share === 1 || p.calm.matches || allowed(p.model, view, t) !== t) { moves.go(t, SCRUB_MS); return; }
      moves.stand(t);
      acts.within(share);
    },
    play() { if (view.playing) moves.stop(); else moves.play(); },
    pass(backward) {
      if ((backward && !p.model.backward) || view.hideFrom !== null) return;
      view.backward = backward;
      p.refresh();
    },
    fold(folded = !view.folded) { moves.fold(folded); },
    speed(speed) { view.speed = speed; p.refresh(); },
    select(ref, { t = view.t, unit = undefined, layer = view.layer, direction = view.direction } = {}) {
      if (!places(p.model).includes(ref) || !showsPlace(p.model, view.shown, ref)) return;
      if (t !== view.t) moves.stop();
      const again = ref === view.selected ? view.unit : 0;
      Object.assign(view, {
        selected: ref, map: mapOf(p.model, ref),
        layer: clamp(layer, 0, p.model.L - 1), direction: clamp(direction, 0, p.model.D - 1), picked: view.story,
      });
      chooseUnit(p.model, view, unit === undefined ? (ofUnit(view) ? view.hidden : again) : unit);
      if (t !== view.t) moves.go(t); else p.refresh();
    },
    unit(by) {
      const count = countOf(p.model, view);
      chooseUnit(p.model, view, (view.unit + by + count) % count);
      p.refresh();
    },
    escape() { moves.stop(); acts.select("h"); },
  };
  const unlocked = act => (...given) => { if (!view.locked) act(...given); };
  return {
    ...Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, unlocked(act)])),
    light(ref) { p.alight = ref !== null; for (const panel of p.panels) if (panel.light) panel.light(ref); },
    done: () => p.tell(),
  };
}
