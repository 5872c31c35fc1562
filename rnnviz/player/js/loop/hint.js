// Definitions of symbols and readings of cells, shown where the reader points or the focus is.

import { clamp } from "./shapes.js";

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} plate where the words stand
 * @returns {{show(element: Element | null, words?: string): void}}
 */
export function createHint(root, plate) {
  return {
    show(element, words) {
      plate.classList.toggle("on", Boolean(element && words));
      if (!element || !words) return;
      plate.textContent = words;
      const at = element.getBoundingClientRect();
      const all = root.getBoundingClientRect();
      const zoom = all.width / root.offsetWidth || 1; // of a page for a projector
      const { width, height } = plate.getBoundingClientRect();
      const x = clamp(at.left + at.width / 2 - all.left - width / 2, 6, Math.max(6, all.width - width - 6));
      const below = at.bottom - all.top + 8;
      const y = below + height < all.height ? below : at.top - all.top - height - 8;
      plate.style.transform = `translate(${x / zoom}px, ${Math.max(2, y) / zoom}px)`;
    },
  };
}

/** Lights up the other places of the same term: in the equation and in the picture. */
export function lightUp(root, part) {
  for (const element of root.querySelectorAll(".lit"))
    if (element.dataset.part !== part) element.classList.remove("lit");
  if (part) for (const element of root.querySelectorAll(`[data-part="${part}"]`)) element.classList.add("lit");
}
