// The surface from above: shades, contours, the wall; a click, or the arrow keys and Enter, choose another start.

import { mix, rgb } from "../core/colours.js";
import { darkness } from "./mesh.js";
import { drawCourses } from "./paths.js";

const LEFT = 64, RIGHT = 12, TOP = 12, BOTTOM = 42, GRAIN = 0.01;
const FONT = '14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const round = value => Math.round(value / GRAIN) * GRAIN;

export function mapPanel(figure, mesh, pick) {
  figure.innerHTML = `<canvas tabindex="0" role="img"></canvas>`;
  const canvas = figure.firstElementChild, context = canvas.getContext("2d"), still = document.createElement("canvas");
  canvas.setAttribute("aria-label", "Error surface from above, with the descents. A click sets another start; so do the arrow keys and Enter.");
  let width = 0, height = 0, scale = 1, colours = null, wish = null, drawn = null;
  const { low, high } = mesh;
  const x = w => LEFT + ((w - low.w) / (high.w - low.w)) * (width - LEFT - RIGHT);
  const y = b => TOP + ((high.b - b) / (high.b - low.b)) * (height - TOP - BOTTOM);

  function shade() { // one pixel at a time, so that the wall is as sharp as the screen
    const pen = still.getContext("2d"), [left, top] = [Math.round(LEFT * scale), Math.round(TOP * scale)];
    const columns = Math.round((width - LEFT - RIGHT) * scale), rows = Math.round((height - TOP - BOTTOM) * scale);
    if (columns < 1 || rows < 1) return;
    const pixels = pen.createImageData(columns, rows), ramp = Array.from({ length: 256 }, (_, k) => mix(colours.background, colours.muted, (0.66 * k) / 255));
    for (let j = 0; j < rows; j++) for (let i = 0; i < columns; i++) {
      const e = mesh.at(low.w + ((i + 0.5) / columns) * (high.w - low.w), high.b - ((j + 0.5) / rows) * (high.b - low.b));
      const colour = ramp[Math.round(255 * darkness(e))], k = 4 * (j * columns + i);
      for (let c = 0; c < 3; c++) pixels.data[k + c] = colour[c];
      pixels.data[k + 3] = 255;
    }
    pen.putImageData(pixels, left, top);
  }

  function backdrop() {
    still.width = canvas.width;
    still.height = canvas.height;
    shade();
    const pen = still.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.strokeStyle = rgb(mix(colours.background, colours.ink, 0.5));
    pen.lineWidth = 0.75;
    pen.beginPath();
    for (const [w1, b1, w2, b2] of mesh.contours) { pen.moveTo(x(w1), y(b1)); pen.lineTo(x(w2), y(b2)); }
    pen.stroke();
    for (const curve of mesh.folds) {
      pen.setLineDash([2, 4]);
      pen.lineWidth = 1.5;
      pen.strokeStyle = rgb(colours.ink);
      pen.beginPath();
      curve.forEach(([w, b], k) => { if (mesh.inside(w, b)) pen[k ? "lineTo" : "moveTo"](x(w), y(b)); });
      pen.stroke();
      pen.setLineDash([]);
    }
    axes(pen);
  }

  function axes(pen) {
    pen.font = FONT;
    pen.fillStyle = rgb(colours.muted);
    pen.strokeStyle = rgb(colours.muted);
    pen.lineWidth = 1;
    pen.strokeRect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (let w = Math.ceil(low.w * 2) / 2; w <= high.w; w += 0.5) pen.fillText(w.toFixed(1), x(w), height - BOTTOM + 6);
    pen.fillText("w, the loop's weight", (LEFT + width - RIGHT) / 2, height - 17);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let b = Math.ceil(low.b * 2) / 2; b <= high.b; b += 0.5) pen.fillText(b.toFixed(1).replace("-", "−"), LEFT - 7, y(b));
    pen.fillText("b", 14, (TOP + height - BOTTOM) / 2);
  }

  const hereOf = event => {
    const box = canvas.getBoundingClientRect();
    return clamped(low.w + ((event.clientX - box.left - LEFT) / (width - LEFT - RIGHT)) * (high.w - low.w), high.b - ((event.clientY - box.top - TOP) / (height - TOP - BOTTOM)) * (high.b - low.b));
  };
  const clamped = (w, b) => [round(Math.min(Math.max(w, low.w), high.w)), round(Math.min(Math.max(b, low.b), high.b))];
  function wishFor(place) { wish = place; panel.paint(drawn); }
  canvas.onpointerdown = event => { if (event.button === 0) wishFor(hereOf(event)); };
  canvas.onpointermove = event => { if (wish && event.buttons) wishFor(hereOf(event)); };
  canvas.onpointercancel = () => wishFor(null);
  canvas.onclick = () => { if (wish) pick(...wish); };
  canvas.onkeydown = event => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const [w, b] = wish ?? drawn.courses[0].point(0);
    if (by) wishFor(clamped(w + 0.05 * by[0], b + 0.05 * by[1]));
    else if (event.key === "Enter" && wish) pick(...wish);
    else if (event.key === "Escape" && wish) wishFor(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const panel = {
    canvas,
    resize(theme) {
      colours = theme;
      scale = devicePixelRatio || 1;
      width = canvas.clientWidth;
      height = canvas.clientHeight;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      if (canvas.width && canvas.height) backdrop();
    },
    forget() { wish = null; },
    paint(view) {
      drawn = view;
      if (!canvas.width || !canvas.height) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = rgb(colours.background);
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(still, 0, 0);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const box = { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
      drawCourses({ context, colours, box, written: [], at: ([w, b]) => [x(w), y(b)] }, mesh, view.courses, view.update);
      if (!wish) return;
      context.strokeStyle = rgb(colours.ink);
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x(wish[0]), y(wish[1]), 9, 0, 2 * Math.PI);
      context.stroke();
    },
  };
  return panel;
}
