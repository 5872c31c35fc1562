// What a click in a text, a diagram or a chart says: {target, value}, the same for all.

/**
 * What an element says: its `data-target` and `data-value` (JSON or text), or its link `stage:f?step=9`.
 * @param {HTMLElement} element
 * @returns {{target: string, value: unknown} | null}
 */
export function eventOf(element) {
  const { target, value } = element.dataset ?? {};
  if (target !== undefined) return { target, value: valueOf(value) };
  const link = element.getAttribute("href");
  return link?.startsWith("stage:") ? { target: "stage", value: stageOf(link) } : null;
}

/** `data-value` as what it means: JSON where it is some, else the text itself. */
export function valueOf(text) {
  if (text === undefined) return null;
  try { return JSON.parse(text); } catch { return text; }
}

/** `stage:f?step=9` as {select: "f", step: 9}. */
export function stageOf(link) {
  const [place, query = ""] = link.slice("stage:".length).split("?");
  const value = place ? { select: decodeURIComponent(place) } : {};
  for (const [name, text] of new URLSearchParams(query)) value[name] = valueOf(text);
  return value;
}

const SPEAKS = "[data-target], a[href^='stage:']";

/**
 * Tell of every click below `root`, and of Enter and Space where an element is no button by nature.
 * @param {HTMLElement} root
 * @param {(event: {target: string, value: unknown}) => void} tell
 */
export function listen(root, tell) {
  const speaker = event => {
    const element = event.target.closest?.(SPEAKS);
    return element && root.contains(element) && !element.disabled && element.ariaDisabled !== "true" ? element : null;
  };
  const say = (element, event) => {
    event.preventDefault();
    tell(eventOf(element));
  };
  root.addEventListener("click", event => {
    const element = speaker(event);
    if (element) say(element, event);
  });
  root.addEventListener("keydown", event => {
    const element = speaker(event);
    if (element !== event.target || (event.key !== "Enter" && event.key !== " ")) return;
    if (!element.matches("button, input, select, summary, a[href]")) say(element, event);
  });
}
