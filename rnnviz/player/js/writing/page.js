// The text: what was typed, what was written so far, a cursor; its letters shaded where there is something to shade.

import { cssMix, signedCss } from "../core/colours.js";

const END = "\n";
const PALE = 0.65; // so that the letters can be read

/** A letter as it is seen; a line's end has a sign of its own. */
export const seen = letter => (letter === END ? "¶" : letter === " " ? "␣" : letter);

/** @param {HTMLElement} host */
export function createPage(host) {
  let built = null, shown = "";
  const cursor = Object.assign(document.createElement("i"), { className: "cursor" });

  function build(data) {
    const marked = new Set(data.marks.flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => from + k)));
    host.replaceChildren(...data.text.map((code, t) => {
      const letter = data.symbols[code];
      const one = Object.assign(document.createElement("span"), { textContent: letter === END ? "¶\n" : letter });
      one.className = [t < data.prompt ? "given" : "drawn", letter === END ? "end" : "", marked.has(t) ? "made" : ""]
        .join(" ").trim();
      return one;
    }), cursor);
    built = data;
    shown = "";
  }
  return {
    /** The place of a letter on the screen. */
    place: t => /** @type {HTMLElement | undefined} */ (host.children[t])?.getBoundingClientRect(),
    /** `told`: whether its shades may be seen. */
    update(data, count, told) {
      if (built !== data) build(data);
      const until = data.prompt + count;
      if (shown === `${until} ${told}`) return;
      shown = `${until} ${told}`;
      const spans = /** @type {HTMLElement[]} */ ([...host.querySelectorAll("span")]);
      spans.forEach((one, t) => {
        one.classList.toggle("later", t >= until);
        one.style.background = told && t < until ? shade(data, t, until) : "";
      });
      host.insertBefore(cursor, spans[until] ?? null);
      const line = cursor.offsetTop + cursor.offsetHeight;
      host.scrollTop = Math.max(0, line - host.clientHeight + 4);
    },
  };
}

/** The shade of a letter: its own, or how much it mattered for the letter that comes next. */
export function shadeOf(data, t, until) {
  const { shades } = data;
  if (!shades) return null;
  if (shades.width === 1) return shades.values[t] ?? null;
  const back = until - 1 - t, row = until - data.prompt;
  return back < shades.width ? shades.values[row * shades.width + back] ?? null : null;
}

function shade(data, t, until) {
  const value = shadeOf(data, t, until);
  if (value === null || !Number.isFinite(value)) return "";
  const share = Math.min(1, Math.max(0, value));
  return data.shades.kind === "signed" ? signedCss(PALE * value) : cssMix("backward", 100 * PALE * share);
}
