// A page without a story, before a class: `p` makes all of it larger, and as it was again.

const LARGE = "1.3";
const FIELDS = "input:not([type=range], [type=radio]), textarea, select, [contenteditable]";

/** Listen until what this returns is called. */
export function enlargeByKey() {
  const away = new AbortController();
  const page = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stMainBlockContainer]"));
  addEventListener("keydown", event => {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]), whole = page();
    if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!whole || target.matches?.(FIELDS)) return;
    whole.style.zoom = whole.style.zoom ? "" : LARGE;
    event.preventDefault();
  }, { signal: away.signal });
  return () => {
    away.abort();
    const whole = page();
    if (whole) whole.style.zoom = "";
  };
}
