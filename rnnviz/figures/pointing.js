// The read-out of the pictures: what the reader points at is said, what is clicked is picked.
// An element with `data-lights` brings the elements of that class forward.
// An element `.hits` is a grid of equal cells; an element with `data-say` or `data-pick` is a place of its own.

import { number, superscript } from "../player/js/numbers.js";

// 10 to this power as text, also where no float holds it.
function ofLog10(exponent) {
  if (!Number.isFinite(exponent) || Math.abs(exponent) < 300) return number(10 ** exponent);
  const whole = Math.floor(exponent), mantissa = number(10 ** (exponent - whole));
  return mantissa.startsWith("10") ? `1.00×10${superscript(whole + 1)}` : `${mantissa}×10${superscript(whole)}`;
}

// What is said of a cell: its own text; or its row, its column and its number.
function words(g, cell) {
  if (g.says) return g.says[cell];
  g.numbers ??= new Float32Array(Uint8Array.from(atob(g.log10), c => c.charCodeAt(0)).buffer);
  return `${g.down[Math.floor(cell / g.columns)]}, ${g.across[cell % g.columns]}: ${ofLog10(g.numbers[cell])}`;
}

export function listen(root, pick) {
  const said = place => place.closest(".rnn")?.querySelector(".said");
  const say = (place, words) => {
    const line = said(place);
    if (!line) return;
    line.rest ??= line.innerHTML;
    if (words === null) line.innerHTML = line.rest; else line.textContent = words;
  };
  const grid = hits => (hits.grid ??= JSON.parse(hits.dataset.hits));
  const point = (hits, cell) => {
    const g = grid(hits), shown = cell ?? g.now, marker = hits.firstElementChild;
    hits.cell = cell;
    marker.hidden = shown === null;
    if (shown !== null) marker.style.cssText =
      `left:${(shown % g.columns) * 100 / g.columns}%;width:${100 / g.columns}%;` +
      `top:${Math.floor(shown / g.columns) * 100 / g.rows}%;height:${100 / g.rows}%`;
    say(hits, cell === null ? null : words(g, cell));
  };
  const under = (hits, event) => {
    const g = grid(hits), box = hits.getBoundingClientRect();
    const part = (at, start, size, count) => Math.min(count - 1, Math.max(0, Math.floor((at - start) / size * count)));
    return part(event.clientY, box.top, box.height, g.rows) * g.columns + part(event.clientX, box.left, box.width, g.columns);
  };
  const take = hits => { const g = grid(hits); if (g.picks && hits.cell !== null) pick(g.picks + hits.cell); };
  const on = (type, selector, act) => root.addEventListener(type, event => {
    const place = event.target.closest?.(selector);
    if (place && root.contains(place)) act(place, event);
  });

  on("pointermove", ".hits", (hits, event) => point(hits, under(hits, event)));
  on("pointerdown", ".hits", (hits, event) => point(hits, under(hits, event)));
  on("pointerout", ".hits", (hits, event) => { if (event.pointerType === "mouse") point(hits, null); });
  on("click", ".hits", take);
  on("focusout", ".hits", hits => point(hits, null));
  on("keydown", ".hits", (hits, event) => {
    const g = grid(hits), size = g.columns * g.rows, from = hits.cell ?? g.now ?? 0;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -g.columns, ArrowDown: g.columns }[event.key];
    if (event.key === "Enter" || event.key === " ") take(hits);
    else if (event.key === "Escape") point(hits, null);
    else if (by && hits.cell == null && g.now === null) point(hits, from);
    else if (by && from + by >= 0 && from + by < size) point(hits, from + by);
    else return;
    event.preventDefault();
  });
  for (const type of ["pointerover", "focusin"]) on(type, "[data-say]", place => say(place, place.dataset.say));
  for (const type of ["pointerout", "focusout"]) on(type, "[data-say]", place => say(place, null));
  for (const [type, lit] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]])
    on(type, "[data-lights]", place =>
      root.querySelectorAll(`.${place.dataset.lights}`).forEach(element => element.classList.toggle("lit", lit)));
  on("click", "[data-pick]", place => pick(place.dataset.pick));
  return () => root.querySelectorAll(".hits").forEach(hits => { if (hits.cell === undefined) point(hits, null); });
}
