// What is drawn with on the race's canvas: lines, dots, words with a plate behind them; sizes in CSS pixels.

import { mix, palette, rgb } from "../core/colours.js";

/** @typedef {ReturnType<typeof createPen>} Pen */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} root
 */
export function createPen(canvas, root) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let colours = {};
  let family = "sans-serif";
  let size = 14;
  let scale = 1;
  const paint = colour => (typeof colour === "string" ? colour : rgb(colour));

  const pen = {
    context,
    get colours() { return colours; },
    /** Colours and type as the page has them now; another size of the canvas. */
    refresh(width, height, text, zoom = 1) {
      const known = palette(root);
      const { background, muted, pipe } = known;
      colours = { ...known, line: mix(background, muted, 0.3), soft: mix(background, pipe, 0.5) };
      family = getComputedStyle(root).fontFamily;
      size = text;
      scale = (devicePixelRatio || 1) * zoom;
      Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    },
    begin() {
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
    },
    /** Everything that `draw` draws, by so much paler. */
    faded(alpha, draw) {
      const before = context.globalAlpha;
      context.globalAlpha = before * alpha;
      draw();
      context.globalAlpha = before;
    },
    within([x, y, width, height], draw) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
    },
    rect(x, y, width, height, colour, radius = 0) {
      context.fillStyle = paint(colour);
      context.beginPath();
      context.roundRect(x, y, Math.max(0, width), height, radius);
      context.fill();
    },
    line(x1, y1, x2, y2, colour, width = 1, dash = []) {
      context.strokeStyle = paint(colour);
      context.lineWidth = width;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
      context.setLineDash([]);
    },
    area(points, fill) {
      context.fillStyle = typeof fill === "object" && !Array.isArray(fill) ? fill : paint(fill);
      context.beginPath();
      points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.fill();
    },
    dot(x, y, radius, fill, stroke = null, width = 1.5) {
      context.beginPath();
      context.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI);
      if (fill) { context.fillStyle = paint(fill); context.fill(); }
      if (stroke) { context.strokeStyle = paint(stroke); context.lineWidth = width; context.stroke(); }
    },
    font(bold, px = size) { context.font = `${bold ? 600 : 400} ${px}px ${family}`; },
    wide(words, { bold = false, px = size } = {}) {
      pen.font(bold, px);
      return context.measureText(words).width;
    },
    /** Words; `plate`: on a piece of the background, so that nothing runs through them. */
    text(words, x, y, { colour = colours.ink, align = "left", bold = false, px = size, plate = false } = {}) {
      const wide = pen.wide(words, { bold, px });
      if (plate) {
        const left = align === "right" ? x - wide : align === "center" ? x - wide / 2 : x;
        pen.rect(left - 4, y - px * 0.62, wide + 8, px * 1.24, colours.background, 4);
      }
      context.textAlign = /** @type {CanvasTextAlign} */ (align);
      context.textBaseline = "middle";
      context.fillStyle = paint(colour);
      context.fillText(words, x, y + 0.5);
      return wide;
    },
    /** A bolt: here numbers are not finite any more. */
    bolt(x, y, high) {
      const u = high / 44;
      const shape = [[3, -22], [-7, 3], [0, 1], [-4, 22], [9, -5], [1, -3]].map(([dx, dy]) => [x + dx * u, y + dy * u]);
      pen.dot(x, y, high * 0.42, colours.background);
      pen.area(shape, colours.ink);
    },
    /** Where nothing can be drawn: hatched. */
    hatched([x, y, width, height], colour) {
      pen.within([x, y, width, height], () => {
        pen.rect(x, y, width, height, colours.background);
        pen.faded(0.5, () => {
          for (let at = x - height; at < x + width; at += 8) pen.line(at, y + height, at + height, y, colour);
        });
      });
    },
  };
  return pen;
}
