// The keys of a story, for a reader and for a teacher's clicker: they work wherever the focus is, but for fields.

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";

/** The choice's id for a digit that was pressed; nothing where there is none. */
export function answerFor(beat, number) {
  return beat.question?.choices[number - 1]?.id;
}

// where arrow keys have a meaning of their own
const inside = (path, stage, target) => path.includes(stage) || target.matches?.("input[type=range]");

/** Listen until `stop()`. Arrow keys belong to the stage and to sliders while these have the focus. */
export function keysOf({ root, stage, next, back, enlarge, reveal, drag, leave, explain, answer, play }) {
  const away = new AbortController();
  addEventListener("keydown", event => {
    const path = event.composedPath(), target = /** @type {HTMLElement} */ (path[0]);
    const elsewhere = target !== document.body && target !== document.documentElement && !path.includes(root);
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey || target.matches?.(FIELDS)) return;
    // who came here by the keyboard steps through the stage; after a click the keys still turn the page
    const stepping = path.includes(stage) && target.matches?.(":focus-visible");
    const inStage = stepping || target.matches?.("input[type=range]");
    if (event.key === "Escape" && inside(path, stage, target)) return void leave();
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = { PageDown: next, PageUp: back, p: enlarge, r: reveal, d: drag, "?": explain }[key]
      ?? (!inStage && { ArrowRight: next, ArrowLeft: back }[key])
      ?? (!inStage && key === " " && !target.closest?.("button, a, summary") && play);
    if (act) act();
    else if (!/^[1-9]$/.test(key) || !answer(Number(key))) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true, signal: away.signal });
  return { stop: () => away.abort() };
}
