// The keys of a stage: space plays, arrows step, Home and End; not while something else takes them.

/**
 * @param {HTMLElement} root
 * @param {Record<string, (event: KeyboardEvent) => void>} acts by key; " " is space
 */
export function listenToKeys(root, acts) {
  root.addEventListener("keydown", event => {
    const { target, key } = event;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !acts[key]) return;
    const element = /** @type {HTMLElement} */ (target);
    if (element.closest("input, select") && key !== " ") return;
    if (key === " " && element.closest("button")) return;
    acts[key](event);
    event.preventDefault();
    event.stopPropagation();
  });
}
