// The surface's two pictures, from above and in three dimensions, and the errors' curves; they are made anew only for
// another surface, and drawn anew only where their size or their colours are others than before.

import { palette } from "../core/colours.js";
import { errorsPanel } from "./errors.js";
import { mapPanel } from "./map.js";
import { openMesh } from "./mesh.js";
import { reliefPanel } from "./relief.js";

/**
 * @param {HTMLElement} root
 * @param {{views: HTMLElement, map: HTMLElement, relief: HTMLElement, errors: HTMLElement}} parts
 * @param {{pick(w: number, b: number): void, wake(): void}} act
 */
export function createSurface(root, parts, act) {
  let given = null;
  let text = "";
  let panels = [];
  let drawn = "";

  return {
    /** The surface of this mesh, if it is another one: the old one's pictures make room. */
    stand(mesh) {
      if (given === mesh || JSON.stringify(mesh) === text) return;
      given = mesh;
      text = JSON.stringify(mesh);
      const open = openMesh(mesh);
      panels = [mapPanel(parts.map, open, act.pick), reliefPanel(parts.relief, open, act.wake)];
      panels.push(errorsPanel(parts.errors));
      drawn = "";
    },
    forget() {
      panels[0].forget();
    },
    resize({ words, pick, show }) {
      const { clientWidth, clientHeight } = parts.views;
      const { color } = getComputedStyle(root);
      const looks = [color, clientWidth, clientHeight, devicePixelRatio, Object.keys(show)].join();
      if (looks === drawn) return;
      drawn = looks;
      const colours = palette(root);
      for (const panel of panels) panel.resize({ colours, words, pick });
      act.wake();
    },
    paint(view) {
      for (const panel of panels) panel.paint(view);
    },
  };
}
