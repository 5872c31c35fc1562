// The frames in which a player is drawn: one at a time, as long as something moves.

import { clamp } from "../core/moving.js";
import { eased, stageShare, travelling } from "../core/phases.js";
import { travelOf } from "../core/standing.js";
import { spots } from "../stage/copy.js";

const TURNS = 0.12; // the share of a step in which the look goes on to it

/**
 * @param p the player: {model, view, position, fold, panels, stage, sized, frame}
 * @param clock clock.js
 */
export function framesOf(p, clock) {
  const { view, position, fold, frame: { root, parts } } = p;
  let frame = 0, dirty = true, moved = null;

  function wake() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw(time) {
    frame = 0;
    if (!root.isConnected) return;
    clock.tick(time);
    const changed = dirty || view.playing || !position.resting() || !fold.resting();
    position.tick(time);
    fold.tick(time);
    if (position.resting()) view.gliding = false;
    const moving = travelling(view, position.now(), travelOf(view));
    // paused within a step, of which the other pass knows nothing
    if (!moving && !view.playing && position.resting()) position.send(view.t, 0, 0);
    if (changed && p.sized && !parts.stage.hidden) p.stage.draw(drawnAt(moving), fold.now(), lookedAt(moving));
    progress(moving);
    dirty = false;
    if (view.playing || !position.resting() || !fold.resting()) wake();
  }

  // the stage is where the circuit is: at the same operation of the same step
  function drawnAt(moving) {
    if (moving === null) return clamp(position.now(), 0, p.model.T - 1);
    const share = stageShare(p.model, view, moving.u, spots(view));
    return view.t - travelOf(view) * (1 - share);
  }

  // the step that is looked at: from the start of its travel on it is the one that is taken
  const lookedAt = moving =>
    (moving === null ? position.now() : view.t - travelOf(view) * (1 - eased(Math.min(1, moving.u / TURNS))));

  // the other panels go along
  function progress(moving) {
    if (moving === null && moved === null) return;
    moved = moving;
    root.classList.toggle("travels", moving !== null);
    for (const panel of p.panels) panel.progress?.(moving, p.model, view);
  }

  return {
    paint() { dirty = true; wake(); },
    stop() { cancelAnimationFrame(frame); },
  };
}
