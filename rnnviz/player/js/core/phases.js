// When, within a step that is played slowly, the signal reaches each place: shares of the step. What it has not
// reached yet stays pale, so that the picture and the line fill in as the numbers travel.

const LATE = 0.92; // the gradient has reached the last place before the step ends

const PHASES = {
  lstm: {
    x: 0.06, f: 0.12, i: 0.12, g: 0.12, o: 0.12, keep: 0.17, write: 0.33, add: 0.36, c: 0.37, c_next: 0.95,
    squash: 0.5, reveal: 0.6, h: 0.7, h_next: 0.9, up: 0.92, y: 0.95,
  },
  gru: {
    x: 0.06, r: 0.1, reset: 0.14, z: 0.12, n: 0.2, keep: 0.22, write: 0.33, add: 0.36, h: 0.37, h_next: 0.95,
    up: 0.92, y: 0.95,
  },
  elman: { x: 0.06, a: 0.2, squash: 0.3, h: 0.4, h_next: 0.95, up: 0.92, y: 0.95 },
};

/** The share of the step after which the signal has reached `ref`; 0 where it was there before. */
export function phaseOf({ cell }, ref, backward) {
  const phase = PHASES[cell][ref] ?? 0;
  return backward ? (1 - phase) * LATE : phase;
}

/** The step that is being taken and how much of it is done, {t, u}; null while nothing travels. */
export function travelling(view, position, travels) {
  const share = position - Math.floor(position);
  if (share === 0 || !view.story || !view.playing) return null;
  return travels > 0 ? { t: Math.ceil(position), u: share } : { t: Math.floor(position), u: 1 - share };
}

/** Mark the elements (with data-ref) that the signal has not reached; `moving` as `travelling` gives it. */
export function awaiting(elements, model, view, moving) {
  for (const element of elements) {
    const waits = moving !== null && moving.u < phaseOf(model, element.dataset.ref, view.backward);
    if (waits !== element.classList.contains("waiting")) element.classList.toggle("waiting", waits);
  }
}
