// Drawing on the stage: one `pen` holds the context, the theme's colours and the page's size, and knows how a value
// looks.

import { broken, gateColour, gradientColour, mix, rgb, signedColour, textOn } from "./colours.js";
import { number } from "./numbers.js";

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const SERIF = '"STIX Two Math", "STIX Two Text", "Cambria Math", "Latin Modern Math", Georgia, "DejaVu Serif", serif';

const NEAR_0 = 5e-4; // what is less is told as such where there is little room

// the activations' own curves, from -1 to 1 both ways; σ has the shape of tanh, and stands as its letter
const CURVES = {
  tanh: Array.from({ length: 13 }, (_, k) => [k / 6 - 1, Math.tanh(2.5 * (k / 6 - 1))]),
  relu: [[-1, -0.5], [0, -0.5], [1, 0.8]],
  linear: [[-1, -1], [1, 1]],
};

export function makePen(context, colours, size) {
  const written = {}; // each font as the browser writes it
  const pen = {
    context, colours, size,
    soft: mix(colours.background, colours.pipe, 0.45),
    line: mix(colours.background, colours.muted, 0.32),
    hatch: hatching(context, colours.ink),
    // [r, g, b] of a value; kind: "signed", "gradient", or the name of a gate's colour
    colour: (value, kind) => (broken(value) ? colours.background : kind === "signed" ? signedColour(colours, value)
      : kind === "gradient" ? gradientColour(colours, value) : gateColour(colours, kind, value)),
    rect(x, y, w, h, colour) { context.fillStyle = rgb(colour); context.fillRect(x, y, w, h); },
    box(x, y, w, h, r, stroke, fill, width = 1.25) {
      context.beginPath();
      context.roundRect(x, y, w, h, Math.min(r, w / 2, h / 2));
      if (fill) { context.fillStyle = rgb(fill); context.fill(); }
      if (stroke) { context.strokeStyle = rgb(stroke); context.lineWidth = width; context.stroke(); }
    },
    wire(points, colour, width) {
      context.beginPath();
      points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.strokeStyle = rgb(colour);
      context.lineWidth = width;
      context.stroke();
    },
    // read by the browser only where it changes: that takes longer than the text
    font(serif, bold, px) {
      const font = `${serif ? "italic " : ""}${bold ? "600 " : ""}${px * size}px ${serif ? SERIF : SANS}`;
      if (context.font === written[font]) return;
      context.font = font;
      written[font] = context.font;
    },
    /**
     * Words at a place, at most `max` pixels wide, condensed if need be.
     * @param {{colour?: any, align?: any, bold?: boolean, px?: number, serif?: boolean, max?: number}} [how]
     */
    text(words, x, y, how = {}) {
      const { colour = colours.ink, align = "left", bold = false, px = 14, serif = false, max } = how;
      pen.font(serif, bold, px);
      context.textAlign = align;
      context.textBaseline = "middle";
      context.fillStyle = typeof colour === "string" ? colour : rgb(colour);
      context.fillText(words, x, y, max);
    },
    fits(words, width, px = 14) { pen.font(false, true, px); return context.measureText(words).width <= width; },
    // one value in its place: shade; a gate's fill height too; hatched and struck where it is no number
    cell(x, y, w, h, value, kind) {
      if (broken(value)) { context.fillStyle = pen.hatch; context.fillRect(x, y, w, h); return; }
      if (kind !== "signed" && kind !== "gradient") {
        pen.rect(x, y, w, h, mix(colours.background, colours[kind], 0.07));
        pen.rect(x, y + h * (1 - value), w, h * value, mix(colours.background, colours[kind], 0.45));
      } else pen.rect(x, y, w, h, pen.colour(value, kind));
    },
    cellText(value, kind, x, y, bold, max) {
      const flat = kind !== "signed" && kind !== "gradient";
      const colour = broken(value) || flat ? colours.ink : textOn(pen.colour(value, kind));
      const words = number(value);
      const w = 40 * size;
      if (broken(value)) pen.box(x - w / 2, y - 9 * size, w, 18 * size, 4, colours.ink, colours.background);
      pen.text(words, x, y, { colour, align: "center", bold, max });
    },
    // a number in a plate of its value's colour; none where it would be wider than `most`, unless it is always there
    pill(x, y, value, kind, { most = Infinity, strong = false, always = false } = {}) {
      pen.font(false, strong, 14);
      const high = 20 * size, widthOf = words => context.measureText(words).width;
      const small = kind === "signed" && value !== 0 && Math.abs(value) < NEAR_0, said = small ? ["≈0"]
        : [3, 2].map(digits => number(value, digits));
      const words = said.find(words => widthOf(words) <= most) ?? (always ? said.at(-1) : null);
      if (words === null) return;
      if (always) most = Math.max(most, widthOf(words));
      const wide = widthOf(words) + 10 * size;
      pen.box(x - Math.min(wide, most) / 2, y - high / 2, Math.min(wide, most), high, high / 2, pen.line,
        broken(value) ? colours.background : pen.colour(value, kind));
      const colour = broken(value) ? colours.ink : textOn(pen.colour(value, kind));
      pen.text(words, x, y + 0.5, { align: "center", bold: strong, colour });
    },
    // one column of a picture (the units of a step) or one row of it, stretched; what is no number is hatched
    column({ canvas, spoiled }, t, x, y, w, h) {
      context.imageSmoothingEnabled = false;
      context.drawImage(canvas, t, 0, 1, canvas.height, x, y, w, h);
      context.fillStyle = pen.hatch;
      for (const [s, j] of spoiled) if (s === t) context.fillRect(x, y + (h * j) / canvas.height, w, h / canvas.height);
    },
    row({ canvas, spoiled }, j, x, y, w, h) {
      context.imageSmoothingEnabled = false;
      context.drawImage(canvas, 0, j, canvas.width, 1, x, y, w, h);
      context.fillStyle = pen.hatch;
      for (const [k, i] of spoiled) if (i === j) context.fillRect(x + (w * k) / canvas.width, y, w / canvas.width, h);
    },
    operation(x, y, symbol, strong) {
      const r = 9 * size;
      context.beginPath();
      context.arc(x, y, r, 0, 2 * Math.PI);
      context.fillStyle = rgb(colours.background);
      context.fill();
      context.strokeStyle = rgb(strong ? colours.ink : mix(colours.background, colours.muted, 0.7));
      context.lineWidth = strong ? 1.6 : 1;
      context.stroke();
      const colour = strong ? colours.ink : colours.muted, curve = CURVES[symbol];
      if (curve) pen.wire(curve.map(([u, v]) => [x + 6 * size * u, y - 5 * size * v]), colour, 1.5);
      else pen.text(symbol, x, y + 0.5, { align: "center", colour });
    },
    valve(x, y, w, h, value, { colour, dash, kind }, shade, strong) {
      const hue = colours[colour];
      pen.rect(x, y, w, h, colours.background);
      if (shade) pen.rect(x, y, w, h, broken(value) ? colours.background : shade);
      else if (!broken(value) && kind === "gate") pen.rect(x, y + h * (1 - value), w, h * value,
        mix(colours.background, hue, strong ? 0.75 : 0.5));
      else if (!broken(value)) pen.rect(x, y, w, h, pen.colour(value, "signed"));
      if (broken(value)) { context.fillStyle = pen.hatch; context.fillRect(x, y, w, h); }
      context.setLineDash(dash.map(d => d * 0.7));
      context.strokeStyle = rgb(strong ? hue : mix(colours.background, hue, 0.75));
      context.lineWidth = strong ? 2 : 1.4;
      context.strokeRect(x, y, w, h);
      context.setLineDash([]);
    },
  };
  return pen;
}

function hatching(context, ink) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const t = tile.getContext("2d");
  t.strokeStyle = rgb(ink);
  t.lineWidth = 1;
  t.beginPath();
  for (const k of [-6, 0, 6]) { t.moveTo(k, 6); t.lineTo(k + 6, 0); }
  t.stroke();
  return context.createPattern(tile, "repeat");
}

// All values of one quantity as a picture, one pixel each: `columns` steps x `count` units
export function valuesPicture(pen, columns, count, valueOf, kind) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = count;
  const context = canvas.getContext("2d"), pixels = context.createImageData(columns, count), spoiled = [];
  for (let t = 0; t < columns; t++) for (let j = 0; j < count; j++) {
    const value = valueOf(t, j), k = 4 * (j * columns + t);
    if (broken(value)) spoiled.push([t, j]);
    const colour = pen.colour(value, kind);
    for (let c = 0; c < 3; c++) pixels.data[k + c] = colour[c];
    pixels.data[k + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return { canvas, spoiled };
}
