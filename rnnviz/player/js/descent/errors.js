// The error of each descent, update by update: up to where it stands, each in its own line.

import { mix, rgb } from "../core/colours.js";
import { standing } from "./courses.js";
import { ticks } from "./ticks.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [46, 14, 30, 42];
const FONT = '14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** [update, error] of a descent: at each update, and where it stands. */
export function errorsUntil(course, at) {
  const now = standing(course, at);
  const points = Array.from({ length: now.k + 1 }, (_, k) => [k, course.error[k]]);
  if (now.along) points.push([now.k + now.along, now.point[2]]);
  return points.filter(([, error]) => Number.isFinite(error));
}

/** @param {HTMLElement} figure */
export function errorsPanel(figure) {
  figure.innerHTML = `<canvas role="img"></canvas>`;
  const canvas = /** @type {HTMLCanvasElement} */ (figure.firstElementChild);
  const context = canvas.getContext("2d");
  let frame = null;

  return {
    canvas,
    resize({ colours, words }) {
      const scale = devicePixelRatio || 1;
      const { clientWidth: width, clientHeight: height } = canvas;
      Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
      canvas.setAttribute("aria-label", words.errors || "");
      frame = { scale, colours, words, left: LEFT, top: TOP, right: width - RIGHT, bottom: height - BOTTOM };
    },
    paint({ courses, at }) {
      if (!frame || frame.right <= frame.left || frame.bottom <= frame.top) return;
      const { scale, left, top, right, bottom } = frame;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      const last = courses[0].error.length - 1;
      const high = Math.max(...courses.flatMap(course => [...course.error].filter(Number.isFinite)));
      const up = ticks(0, high * 1.05, 4);
      const put = ([k, error]) => [
        left + ((right - left) * k) / Math.max(last, 1),
        bottom - ((bottom - top) * error) / (high * 1.05 || 1),
      ];
      axes(context, frame, { last, up, put });
      for (const course of courses) line(context, frame, errorsUntil(course, at).map(put), course.look);
    },
  };
}

function axes(pen, { colours, words, left, right, bottom }, { last, up, put }) {
  Object.assign(pen, { font: FONT, fillStyle: rgb(colours.muted), lineWidth: 1, textBaseline: "middle" });
  pen.strokeStyle = rgb(mix(colours.background, colours.muted, 0.35));
  pen.setLineDash([]);
  pen.textAlign = "right";
  for (const error of up.values) {
    const [, y] = put([0, error]);
    pen.beginPath();
    pen.moveTo(left, y);
    pen.lineTo(right, y);
    pen.stroke();
    pen.fillText(error ? up.text(error) : "0", left - 7, y);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const across = ticks(0, last, 6);
  for (const k of across.values) pen.fillText(across.text(k), put([k, 0])[0], bottom + 6);
  pen.fillText(words.updates || "", (left + right) / 2, bottom + 24);
  pen.textAlign = "left";
  pen.fillText(words.height || "", 4, 6);
}

function line(pen, { colours }, points, look) {
  if (!points.length) return;
  const hue = rgb(colours[look.hue]);
  Object.assign(pen, { strokeStyle: hue, fillStyle: hue, lineWidth: 2.4, lineJoin: "round", lineCap: "round" });
  pen.setLineDash(look.dash);
  pen.beginPath();
  for (const point of points) pen.lineTo(...point);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.arc(...points.at(-1), 6, 0, 2 * Math.PI);
  pen.fill();
}
