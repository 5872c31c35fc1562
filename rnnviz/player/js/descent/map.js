// The surface from above: shades, contours, the cliff; a click, or the arrow keys and Enter, choose another start.

import { mix, rgb } from "../core/colours.js";
import { clamp } from "./courses.js";
import { drawCourses } from "./paths.js";
import { ticks } from "./ticks.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [64, 12, 12, 42];
const GRAIN = 0.01;
const KEY = 0.05; // of w or b, for an arrow key
const THRESHOLD = 24; // pixels
const FONT = '14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const round = value => Math.round(value / GRAIN) * GRAIN;

/**
 * @param {HTMLElement} figure
 * @param {any} mesh
 * @param {(w: number, b: number) => void} pick
 */
export function mapPanel(figure, mesh, pick) {
  figure.innerHTML = `<canvas role="img"></canvas>`;
  const canvas = /** @type {HTMLCanvasElement} */ (figure.firstElementChild);
  const context = canvas.getContext("2d");
  const still = document.createElement("canvas");
  const { low, high } = mesh;
  let frame = null; // where the map lies: as many pixels for w as for b, so that directions are true
  let wish = null;
  let drawn = null;

  const clamped = (w, b) => [round(clamp(w, low.w, high.w)), round(clamp(b, low.b, high.b))];
  const hereOf = event => {
    const box = canvas.getBoundingClientRect();
    const share = canvas.clientWidth / (box.width || 1);
    const [x, y] = [(event.clientX - box.left) * share, (event.clientY - box.top) * share];
    return clamped(low.w + (x - frame.left) / frame.unit, high.b - (y - frame.top) / frame.unit);
  };
  function wishFor(place) {
    wish = place;
    panel.paint(drawn);
  }
  canvas.onpointerdown = event => {
    if (event.button === 0 && drawn?.pick) wishFor(hereOf(event));
  };
  canvas.onpointermove = event => {
    if (wish && event.buttons) wishFor(hereOf(event));
  };
  canvas.onpointercancel = () => wishFor(null);
  canvas.onclick = () => {
    if (wish) pick(wish[0], wish[1]);
  };
  canvas.onkeydown = event => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!drawn?.pick) return;
    const [w, b] = wish ?? drawn.courses[0].point(0);
    if (by) wishFor(clamped(w + KEY * by[0], b + KEY * by[1]));
    else if (event.key === "Enter" && wish) pick(wish[0], wish[1]);
    else if (event.key === "Escape" && wish) wishFor(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const panel = {
    canvas,
    resize({ colours, words, pick: picks }) {
      const scale = devicePixelRatio || 1;
      const { clientWidth: width, clientHeight: height } = canvas;
      const unit = Math.min((width - LEFT - RIGHT) / (high.w - low.w), (height - TOP - BOTTOM) / (high.b - low.b));
      const [wide, tall] = [unit * (high.w - low.w), unit * (high.b - low.b)];
      const left = LEFT + (width - LEFT - RIGHT - wide) / 2;
      const top = TOP + (height - TOP - BOTTOM - tall) / 2;
      frame = { scale, unit, left, top, right: left + wide, bottom: top + tall, colours, words };
      canvas.tabIndex = picks ? 0 : -1;
      canvas.setAttribute("aria-label", words.map || "");
      for (const one of [canvas, still]) {
        one.width = Math.round(width * scale);
        one.height = Math.round(height * scale);
      }
      if (unit > 0) backdrop(still, mesh, frame);
    },
    forget() {
      wish = null;
    },
    paint(view) {
      drawn = view;
      if (!frame || !(frame.unit > 0) || !canvas.width) return;
      const { colours, scale, left, right, top, bottom, unit } = frame;
      const at = ([w, b]) => [left + (w - low.w) * unit, top + (high.b - b) * unit];
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = rgb(colours.background);
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(still, 0, 0);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const pen = { context, colours, box: { left, right, top, bottom }, written: [], at };
      drawCourses(pen, mesh, { ...view, unit: view.unit ?? THRESHOLD / unit });
      if (!wish) return;
      context.strokeStyle = rgb(colours.ink);
      context.lineWidth = 2;
      context.beginPath();
      const [x, y] = at(wish);
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.stroke();
    },
  };
  return panel;
}

/** One pixel at a time, so that the cliff is as sharp as the screen. */
function shade(pen, mesh, { scale, left, top, right, bottom, colours }) {
  const { low, high } = mesh;
  const [columns, rows] = [Math.round((right - left) * scale), Math.round((bottom - top) * scale)];
  if (columns < 1 || rows < 1) return;
  const pixels = pen.createImageData(columns, rows);
  const ramp = Array.from({ length: 256 }, (_, k) => mix(colours.background, colours.muted, (0.66 * k) / 255));
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const w = low.w + ((i + 0.5) / columns) * (high.w - low.w);
      const b = high.b - ((j + 0.5) / rows) * (high.b - low.b);
      const colour = ramp[Math.round(255 * mesh.darkness(mesh.at(w, b)))];
      const k = 4 * (j * columns + i);
      for (let c = 0; c < 3; c++) pixels.data[k + c] = colour[c];
      pixels.data[k + 3] = 255;
    }
  pen.putImageData(pixels, Math.round(left * scale), Math.round(top * scale));
}

function backdrop(still, mesh, frame) {
  const pen = still.getContext("2d");
  const { scale, unit, left, top, colours } = frame;
  const { low, high } = mesh;
  const at = (w, b) => [left + (w - low.w) * unit, top + (high.b - b) * unit];
  shade(pen, mesh, frame);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.strokeStyle = rgb(mix(colours.background, colours.ink, 0.5));
  pen.lineWidth = 0.75;
  pen.beginPath();
  for (const [w1, b1, w2, b2] of mesh.contours) {
    pen.moveTo(...at(w1, b1));
    pen.lineTo(...at(w2, b2));
  }
  pen.stroke();
  pen.setLineDash([2, 4]);
  pen.lineWidth = 1.5;
  pen.strokeStyle = rgb(colours.ink);
  for (const curve of mesh.folds) {
    pen.beginPath();
    for (const [w, b] of curve) if (mesh.inside(w, b)) pen.lineTo(...at(w, b));
    pen.stroke();
  }
  pen.setLineDash([]);
  axes(pen, mesh, frame, at);
}

function axes(pen, { low, high }, { left, top, right, bottom, colours, words }, at) {
  pen.font = FONT;
  pen.fillStyle = pen.strokeStyle = rgb(colours.muted);
  pen.lineWidth = 1;
  pen.strokeRect(left, top, right - left, bottom - top);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const across = ticks(low.w, high.w, 5);
  for (const w of across.values) pen.fillText(across.text(w), at(w, low.b)[0], bottom + 6);
  pen.fillText(words.across || "", (left + right) / 2, bottom + 24);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const up = ticks(low.b, high.b, 4);
  for (const b of up.values) pen.fillText(up.text(b), left - 7, at(low.w, b)[1]);
  pen.fillText(words.up || "", left - 44, (top + bottom) / 2);
}
