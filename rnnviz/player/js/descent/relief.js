// The surface in three dimensions: its pieces drawn from the farthest to the nearest (the painter's algorithm), seen
// from afar, so that parallel lines stay parallel. Dragging and the arrow keys turn it; the height is E, not stretched.

import { mix, rgb } from "../core/colours.js";
import { darkness } from "./mesh.js";
import { drawCourses } from "./paths.js";

const HOME = { turn: 2.62, tilt: 0.62 }, TOP = 0.5; // radians; and E at the upper end of the axis
const LOWEST = 0.12, STEEPEST = 1.45, HALF = { w: 1.5, b: 1 }, HEIGHT = 1.3; // of the box: half its base, and E = TOP
const FONT = '14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const BLACK = [0, 0, 0];
const BESIDE = 46, ABOVE = 8, BELOW = 26; // pixels for the labels

export function reliefPanel(figure, mesh, repaint) {
  figure.innerHTML = `<canvas tabindex="0" role="img"></canvas>`;
  const canvas = figure.firstElementChild, context = canvas.getContext("2d"), still = document.createElement("canvas");
  canvas.setAttribute("aria-label", "Error surface in three dimensions, with the descents. Dragging or the arrow keys turn it, Home turns it back.");
  const view = { ...HOME };
  let width = 0, height = 0, scale = 1, colours = null, stale = true, grip = null, written = [], rim = 0; // texts, and where the axis of E stands
  const { low, high } = mesh;
  const across = (value, name) => HALF[name] * ((2 * (value - low[name])) / (high[name] - low[name]) - 1);
  const place = (w, b, e) => [across(w, "w"), across(b, "b"), (HEIGHT * e) / TOP];
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => [u * HALF.w, v * HALF.b]);

  // [x, y, depth] on the canvas of a place in the box, which is as large as the canvas allows
  function projection() {
    const [s, c, st, ct] = [Math.sin(view.turn), Math.cos(view.turn), Math.sin(view.tilt), Math.cos(view.tilt)];
    const flat = ([u, v, z]) => [u * c - v * s, -((u * s + v * c) * st + z * ct), (u * s + v * c) * ct - z * st];
    const seen = corners.flatMap(([u, v]) => [flat([u, v, 0]), flat([u, v, HEIGHT])]);
    const [xs, ys] = [0, 1].map(k => seen.map(p => p[k]));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const unit = Math.min((width - 2 * BESIDE) / (right - left), (height - ABOVE - BELOW) / (bottom - top));
    return place => {
      const [x, y, depth] = flat(place);
      return [width / 2 + unit * (x - (left + right) / 2), ABOVE + (height - ABOVE - BELOW) / 2 + unit * (y - (top + bottom) / 2), depth];
    };
  }

  function pieces(project) {
    const nodes = [];
    for (let i = 0; i < mesh.columns; i++) for (let j = 0; j < mesh.rows; j++) {
      const k = mesh.node(i, j);
      nodes.push(place(mesh.w[i], mesh.b[k], mesh.error[k]));
    }
    const seen = nodes.map(project), list = [];
    for (let i = 0; i < mesh.columns - 1; i++) for (let j = 0; j < mesh.rows - 1; j++) {
      const corners = [mesh.node(i, j), mesh.node(i + 1, j), mesh.node(i + 1, j + 1), mesh.node(i, j + 1)];
      const depth = corners.reduce((sum, k) => sum + seen[k][2], 0) / 4;
      const error = corners.reduce((sum, k) => sum + mesh.error[k], 0) / 4;
      list.push({ corners: corners.map(k => seen[k]), depth, error, light: light(nodes, corners) });
    }
    return list.sort((one, two) => two.depth - one.depth);
  }

  // how much a piece faces up, 0 for a cliff and 1 for level ground
  function light(nodes, [a, b, c, d]) {
    const p = [0, 1, 2].map(k => nodes[c][k] - nodes[a][k]), q = [0, 1, 2].map(k => nodes[d][k] - nodes[b][k]);
    const normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    return Math.abs(normal[2]) / (Math.hypot(...normal) || 1);
  }

  function backdrop() {
    still.width = canvas.width;
    still.height = canvas.height;
    const pen = still.getContext("2d"), project = projection();
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.lineWidth = 0.6;
    pen.lineJoin = "round";
    for (const { corners, error, light } of pieces(project)) {
      const colour = rgb(mix(mix(colours.background, colours.muted, 0.06 + 0.6 * darkness(error)), BLACK, 0.3 * (1 - light)));
      pen.beginPath();
      for (const [x, y] of corners) pen.lineTo(x, y);
      pen.closePath();
      pen.fillStyle = pen.strokeStyle = colour;
      pen.fill();
      pen.stroke();
    }
    lines(pen, project);
    axes(pen, project);
    stale = false;
  }

  function lines(pen, project) {
    const at = (w, b, e) => project(place(w, b, e)).slice(0, 2);
    pen.strokeStyle = rgb(mix(colours.background, colours.ink, 0.55));
    pen.globalAlpha = 0.45;
    pen.lineWidth = 0.75;
    pen.beginPath();
    for (const [w1, b1, w2, b2, e] of mesh.contours) { pen.moveTo(...at(w1, b1, e)); pen.lineTo(...at(w2, b2, e)); }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function axes(pen, project) {
    const at = (u, v, z) => project([u, v, z]).slice(0, 2);
    const depth = ([u, v]) => project([u, v, 0])[2], left = ([u, v]) => project([u, v, 0])[0];
    const [u, v] = corners.reduce((best, corner) => (depth(corner) < depth(best) ? corner : best));
    const side = corners.reduce((best, corner) => (left(corner) < left(best) ? corner : best));
    pen.font = FONT;
    pen.fillStyle = pen.strokeStyle = rgb(colours.muted);
    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    written = [];
    const write = (words, x, y) => {
      const long = pen.measureText(words).width;
      pen.fillText(words, x, y);
      written.push([x - { left: 0, center: 0.5, right: 1 }[pen.textAlign] * long, y, long]);
    };
    const edge = (from, to) => { pen.beginPath(); pen.moveTo(...at(...from)); pen.lineTo(...at(...to)); pen.stroke(); };
    const middle = at(0, 0, 0)[0];
    const label = (words, u, v) => {
      const [x, y] = at(u, v, 0), outwards = Math.sign(x - middle);
      pen.textAlign = Math.abs(x - middle) < 20 ? "center" : outwards < 0 ? "right" : "left";
      write(words, x + 7 * outwards, y + 12);
    };
    edge([-HALF.w, v, 0], [HALF.w, v, 0]);
    edge([u, -HALF.b, 0], [u, HALF.b, 0]);
    edge([...side, 0], [...side, HEIGHT]);
    rim = at(...side, 0)[0];
    for (const w of [4, 4.5, 5, 5.5]) label(w === 5 ? "w = 5" : String(w), across(w, "w"), v);
    for (const b of [-3, -2.5, -2]) label(b === -2.5 ? "b = −2.5" : String(b).replace("-", "−"), u, across(b, "b"));
    pen.textAlign = "right";
    for (const e of [0.1, 0.2, 0.3, 0.4, 0.5]) {
      const [x, y] = at(...side, (HEIGHT * e) / TOP);
      write(e === 0.5 ? "E 0.5" : String(e), x - 6, y);
    }
  }

  function turn(round, up) {
    view.turn += round;
    view.tilt = Math.min(Math.max(view.tilt + up, LOWEST), STEEPEST);
    stale = true;
    repaint();
  }
  canvas.onpointerdown = event => { grip = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); };
  canvas.onpointermove = event => {
    if (!grip) return;
    turn((event.clientX - grip[0]) * 0.01, (event.clientY - grip[1]) * 0.008);
    grip = [event.clientX, event.clientY];
  };
  canvas.onpointerup = canvas.onpointercancel = () => { grip = null; };
  canvas.onkeydown = event => {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] }[event.key];
    if (by) turn(...by);
    else if (event.key === "Home") { Object.assign(view, HOME); turn(0, 0); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    canvas,
    resize(theme) {
      colours = theme;
      scale = Math.min(devicePixelRatio || 1, 2);
      width = canvas.clientWidth;
      height = canvas.clientHeight;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      stale = true;
    },
    paint({ courses, update }) {
      if (!canvas.width || !canvas.height) return;
      if (stale) backdrop();
      const project = projection();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(still, 0, 0);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const box = { left: rim, right: width, top: 0, bottom: height };
      drawCourses({ context, colours, box, written, at: p => project(place(...p)).slice(0, 2) }, mesh, courses, update);
    },
  };
}
