// Where a player is drawn: the size that it has, the pixels of the screen, the theme's colours.

import { roomOf } from "./room.js";

/**
 * @param p the player: {view, stage, sized, frame}
 * @param {Element | ShadowRoot} parent
 * @param {{refresh(): void, paint(): void}} draw
 */
export function sizesOf(p, parent, { refresh, paint }) {
  const { root } = p.frame, { view } = p, scheme = matchMedia("(prefers-color-scheme: dark)");
  const resized = new ResizeObserver(() => measure());
  let pixels = null;
  scheme.addEventListener("change", recolour);

  function recolour() {
    if (!p.sized) return;
    p.stage.recolour();
    paint();
  }
  function measure() {
    p.sized = root.clientWidth > 0;
    if (!p.sized) return;
    view.room = view.story ? roomOf(root) : null;
    root.style.setProperty("--room", view.story ? `${view.room}px` : "auto");
    p.stage.resize();
    refresh();
  }
  // another zoom, or a screen with other pixels
  function sharpen() {
    pixels?.removeEventListener("change", sharpen);
    pixels = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    pixels.addEventListener("change", sharpen);
    if (!p.sized) return;
    p.stage.resize();
    paint();
  }

  return {
    measure,
    recolour,
    begin() {
      p.sized = root.clientWidth > 0;
      resized.observe(root);
      if (parent instanceof Element) resized.observe(parent);
      sharpen();
    },
    stop() {
      resized.disconnect();
      scheme.removeEventListener("change", recolour);
      pixels?.removeEventListener("change", sharpen);
    },
  };
}
