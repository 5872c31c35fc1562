// What the reader can move in a beat, in the order in which a key goes through it.

const TIME = ".within *, .tape, [name=at], [name=back], [name=phase]"; // where a stage stands in time: after all else
const HANDLES = "input[type=range], [role=slider], [data-handle]";

/**
 * The beat's own controls first, then what the stage has, and last where it stands in time.
 * @param {any} part  of the story: {controls, stage}
 * @returns {HTMLElement[]}
 */
export function handlesOf({ controls, stage }) {
  const seen = one => one.getClientRects().length > 0 && !one.closest("[inert]") && !one.disabled;
  const own = [...controls.querySelectorAll(HANDLES)].filter(seen);
  const drawn = [...stage.querySelectorAll(HANDLES)].filter(seen), isTime = one => one.matches(TIME);
  return [...own, ...drawn.filter(one => !isTime(one)), ...drawn.filter(isTime)];
}

/**
 * The focus goes to the first of these; from one of them to the next.
 * @param {any} part  of the story
 */
export function toHandle(part) {
  const handles = handlesOf(part), at = handles.indexOf(part.root.getRootNode().activeElement);
  handles[(at + 1) % handles.length]?.focus();
}
