// How likely each next letter is, as bars, and as a strip on which a needle says which one is drawn.

import { bars } from "./odds.js";
import { seen } from "./page.js";

const percent = p => (p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);
const make = (tag, style, text = "") =>
  Object.assign(document.createElement(tag), { className: style, textContent: text });

/**
 * @param {HTMLElement} host of the bars
 * @param {HTMLElement} strip
 */
export function createBars(host, strip) {
  const needle = make("i", "needle");
  let count = 0;

  function columns(most) {
    if (count === most + 1) return;
    count = most + 1;
    host.replaceChildren(...Array.from({ length: count }, () => {
      const one = make("div", "odd");
      one.append(make("span", "p"), make("i", "bar-of"), make("b", "letter"));
      return one;
    }));
    strip.replaceChildren(...Array.from({ length: count }, () => make("span", "piece")), needle);
  }
  return {
    /** Where the bar of a letter stands on the screen. */
    place: () => host.querySelector(".chosen .letter")?.getBoundingClientRect(),
    /**
     * @param {{p: number[] | null, chosen: number | null, u: number, needle: number, most: number, symbols: string[],
     *   others: string}} view  p: null before anything may be seen; chosen: the letter that was hit
     */
    update({ p, chosen, u, needle: fallen, most, symbols, others }) {
      columns(most);
      const found = p ? bars(p, most) : Array.from({ length: count }, () => ({ k: null, p: 0, from: 0 }));
      const known = found.some(({ k }) => k === chosen);
      found.forEach((one, place) => {
        const struck = chosen !== null && (one.k === chosen || (one.k === -1 && !known));
        const column = /** @type {HTMLElement} */ (host.children[place]);
        const piece = /** @type {HTMLElement} */ (strip.children[place]);
        const among = one.k === -1 && struck && p && chosen !== null; // one of the others was hit: its own share
        const shown = among ? { k: chosen, p: p[chosen] } : one;
        const name = k => (k === null ? "?" : k === -1 ? others : seen(symbols[k]));
        const [share, bar, letter] = /** @type {HTMLElement[]} */ ([...column.children]);
        column.classList.toggle("chosen", struck);
        column.classList.toggle("rest", one.k === -1 && !struck);
        share.textContent = one.k === null ? "" : percent(shown.p);
        bar.style.setProperty("--p", shown.p.toFixed(4));
        letter.textContent = name(shown.k);
        piece.style.width = `${(100 * one.p).toFixed(3)}%`;
        piece.textContent = one.p > 0.045 && one.k !== null ? name(one.k) : "";
        piece.classList.toggle("chosen", struck);
      });
      needle.style.left = `${(100 * u).toFixed(2)}%`;
      needle.style.setProperty("--fallen", fallen.toFixed(3));
    },
  };
}
