// By how much clipping by value turns a gradient of this norm, in every direction; clipping by norm turns none.

import { createPen } from "../transport/pen.js";
import { turnAt } from "./clipping.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [44, 20, 34, 30];
const EVERY = 0.5; // degrees
const PARTS = [0, 90, 180, 270, 360];

/**
 * @param {HTMLElement} host
 * @param {(degrees: number) => void} point hears the direction that the reader points at
 */
export function createCurve(host, point) {
  host.innerHTML = `<svg class="picture" aria-hidden="true"></svg>`;
  const svg = /** @type {SVGSVGElement} */ (host.firstElementChild);
  const pen = createPen(svg);
  let [width, height] = [0, 0];
  let known = { key: "", turns: [], most: 15 };
  let line = { of: null, points: [] }; // the curve on the screen, as long as it is the same

  const drag = event => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) * width) / (box.width || 1);
    point(Math.min(Math.max((360 * (x - LEFT)) / (width - LEFT - RIGHT), 0), 360));
  };
  svg.addEventListener("pointerdown", event => {
    if (event.button) return;
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", event => {
    if (event.buttons && svg.hasPointerCapture(event.pointerId)) drag(event);
  });

  /** The curve of this norm and threshold: only their ratio matters. */
  function turns(size, threshold) {
    const key = (size / threshold).toPrecision(9);
    if (key === known.key) return known;
    const found = Array.from({ length: 360 / EVERY + 1 }, (_, k) => turnAt(k * EVERY, size, threshold));
    known = { key, turns: found, most: Math.max(15, Math.ceil(Math.max(...found) / 15) * 15) };
    return known;
  }

  return {
    resize() {
      [width, height] = [svg.clientWidth, svg.clientHeight];
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    },
    paint({ size, threshold, degrees, turned, words }) {
      if (width < 60 || height < 60 || !Number.isFinite(size)) return;
      const { turns: found, most } = turns(size, threshold);
      const at = (degree, turn) => [
        LEFT + ((width - LEFT - RIGHT) * degree) / 360,
        height - BOTTOM - ((height - TOP - BOTTOM) * turn) / most,
      ];
      pen.text("title", [2, 16], words.curve || "", "strong");
      for (let level = 0; level <= most; level += 15) {
        pen.line(`level${level}`, at(0, level), at(360, level), "grid");
        pen.text(`turn${level}`, [LEFT - 8, at(0, level)[1] + 5], `${level}°`, "muted", "end");
      }
      for (const degree of PARTS)
        pen.text(`at${degree}`, [at(degree, 0)[0], height - 9], `${degree}°`, "muted", "middle");
      pen.path("norm", [at(0, 0), at(360, 0)], "line norm");
      const of = [known.key, width, height].join();
      if (line.of !== of) line = { of, points: found.map((turn, k) => at(k * EVERY, turn)) };
      pen.path("value", line.points, "line value");
      pen.line("here", at(degrees, 0), at(degrees, most), "here");
      const [x, y] = at(degrees, turned);
      pen.draw("dot", "rect", { x: x - 7, y: y - 7, width: 14, height: 14, class: "value tipped" });
      pen.end();
    },
  };
}
