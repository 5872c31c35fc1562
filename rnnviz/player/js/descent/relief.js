// The surface in three dimensions: its pieces drawn from the farthest to the nearest (the painter's algorithm), seen
// from afar, so that parallel lines stay parallel. Dragging and the arrow keys turn it; the height is E, not stretched.

import { mix, rgb } from "../core/colours.js";
import { clamp } from "./courses.js";
import { drawCourses } from "./paths.js";
import { ticks } from "./ticks.js";

const HOME = { turn: 2.62, tilt: 0.62 }; // radians
const [LOWEST, STEEPEST] = [0.12, 1.45];
const HALF = { w: 1.5, b: 1 }; // of the box: half its base
const [LOW, TALL] = [1.3, 2.4]; // and its highest E: what there is room for
const ROOM = { beside: 46, above: 8, below: 26 }; // pixels for the labels
const THRESHOLD = 0.12; // of the box
const FONT = '14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const BLACK = [0, 0, 0];
const CORNERS = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => [u * HALF.w, v * HALF.b]);

/**
 * @param {HTMLElement} figure
 * @param {any} mesh
 * @param {() => void} repaint
 */
export function reliefPanel(figure, mesh, repaint) {
  figure.innerHTML = `<canvas tabindex="0" role="img"></canvas>`;
  const canvas = /** @type {HTMLCanvasElement} */ (figure.firstElementChild);
  const context = canvas.getContext("2d");
  const still = document.createElement("canvas");
  const camera = { ...HOME };
  let box = boxOf(mesh, LOW);
  let stale = true;
  let grip = null;
  let room = null;
  let standing = { written: [], rim: 0 }; // texts, and where the axis of E stands

  function turn(round, up) {
    camera.turn += round;
    camera.tilt = clamp(camera.tilt + up, LOWEST, STEEPEST);
    stale = true;
    repaint();
  }
  canvas.onpointerdown = event => {
    grip = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = event => {
    if (!grip) return;
    turn((event.clientX - grip[0]) * 0.01, (event.clientY - grip[1]) * 0.008);
    grip = [event.clientX, event.clientY];
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    grip = null;
  };
  canvas.onkeydown = event => {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] }[event.key];
    if (by) turn(...by);
    else if (event.key === "Home") {
      Object.assign(camera, HOME);
      turn(0, 0);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    canvas,
    resize({ colours, words }) {
      const scale = Math.min(devicePixelRatio || 1, 2);
      room = { width: canvas.clientWidth, height: canvas.clientHeight, scale, colours, words };
      for (const one of [canvas, still]) {
        one.width = Math.round(room.width * scale);
        one.height = Math.round(room.height * scale);
      }
      box = boxOf(mesh, roomFor(room));
      canvas.setAttribute("aria-label", words.relief || "");
      stale = true;
    },
    paint(view) {
      if (!room || !canvas.width || !canvas.height) return;
      const project = projection(camera, room, box.height);
      if (stale) standing = backdrop(still, mesh, box, project, room);
      stale = false;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(still, 0, 0);
      context.setTransform(room.scale, 0, 0, room.scale, 0, 0);
      const pen = {
        context,
        colours: room.colours,
        box: { left: standing.rim, right: room.width, top: 0, bottom: room.height },
        written: standing.written,
        at: point => project(box.place(...point)).slice(0, 2),
      };
      drawCourses(pen, mesh, { ...view, unit: view.unit ?? THRESHOLD * (mesh.high.w - mesh.low.w) });
    },
  };
}

/** The box around the surface: where a place [w, b, E] lies in it, and the ticks of its height. */
function boxOf({ low, high, worst }, height) {
  const rise = ticks(0, worst, 5);
  const top = Math.ceil(worst / rise.step - 1e-6) * rise.step;
  const heights = { ...rise, values: ticks(0, top, 5).values.filter(e => e > 0) };
  const across = (value, name) => HALF[name] * ((2 * (value - low[name])) / (high[name] - low[name]) - 1);
  return { heights, top, height, across, place: (w, b, e) => [across(w, "w"), across(b, "b"), (height * e) / top] };
}

/** How high the box may be, so that it fills a canvas that is high, seen as it is at first. */
function roomFor({ width, height }) {
  const [s, c, st, ct] = [Math.sin(HOME.turn), Math.cos(HOME.turn), Math.sin(HOME.tilt), Math.cos(HOME.tilt)];
  /** @param {(corner: number[]) => number} of */
  const spread = of => Math.max(...CORNERS.map(of)) - Math.min(...CORNERS.map(of));
  const unit = (width - 2 * ROOM.beside) / spread(([u, v]) => u * c - v * s);
  return clamp(((height - ROOM.above - ROOM.below) / unit - spread(([u, v]) => (u * s + v * c) * st)) / ct, LOW, TALL);
}

/** From a place in the box to [x, y, depth] on the canvas; the box is as large as the canvas allows. */
function projection({ turn, tilt }, { width, height }, high) {
  const [s, c, st, ct] = [Math.sin(turn), Math.cos(turn), Math.sin(tilt), Math.cos(tilt)];
  const flat = ([u, v, z]) => [u * c - v * s, -((u * s + v * c) * st + z * ct), (u * s + v * c) * ct - z * st];
  const seen = CORNERS.flatMap(([u, v]) => [flat([u, v, 0]), flat([u, v, high])]);
  const [xs, ys] = [0, 1].map(k => seen.map(p => p[k]));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const tall = height - ROOM.above - ROOM.below;
  const unit = Math.min((width - 2 * ROOM.beside) / (right - left), tall / (bottom - top));
  return place => {
    const [x, y, depth] = flat(place);
    return [
      width / 2 + unit * (x - (left + right) / 2),
      ROOM.above + tall / 2 + unit * (y - (top + bottom) / 2),
      depth,
    ];
  };
}

/** The surface's pieces, the farthest first. */
function pieces(mesh, box, project) {
  const nodes = [];
  for (let i = 0; i < mesh.columns; i++)
    for (let j = 0; j < mesh.rows; j++) {
      const k = mesh.node(i, j);
      nodes.push(box.place(mesh.w[i], mesh.b[k], mesh.error[k]));
    }
  const seen = nodes.map(project);
  const list = [];
  for (let i = 0; i < mesh.columns - 1; i++)
    for (let j = 0; j < mesh.rows - 1; j++) {
      const corners = [mesh.node(i, j), mesh.node(i + 1, j), mesh.node(i + 1, j + 1), mesh.node(i, j + 1)];
      const depth = corners.reduce((sum, k) => sum + seen[k][2], 0) / 4;
      const error = corners.reduce((sum, k) => sum + mesh.error[k], 0) / 4;
      list.push({ corners: corners.map(k => seen[k]), depth, error, light: light(nodes, corners) });
    }
  return list.sort((one, two) => two.depth - one.depth);
}

/** How much a piece faces up, 0 for a cliff and 1 for level ground. */
function light(nodes, /** @type {number[]} */ [a, b, c, d]) {
  const p = [0, 1, 2].map(k => nodes[c][k] - nodes[a][k]);
  const q = [0, 1, 2].map(k => nodes[d][k] - nodes[b][k]);
  const normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  return Math.abs(normal[2]) / (Math.hypot(...normal) || 1);
}

function backdrop(still, mesh, box, project, { scale, colours, words }) {
  const pen = still.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, still.width, still.height);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.lineWidth = 0.6;
  pen.lineJoin = "round";
  for (const { corners, error, light } of pieces(mesh, box, project)) {
    const ground = mix(colours.background, colours.muted, 0.06 + 0.6 * mesh.darkness(error));
    pen.beginPath();
    for (const [x, y] of corners) pen.lineTo(x, y);
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = rgb(mix(ground, BLACK, 0.3 * (1 - light)));
    pen.fill();
    pen.stroke();
  }
  const at = (w, b, e) => project(box.place(w, b, e)).slice(0, 2);
  pen.strokeStyle = rgb(mix(colours.background, colours.ink, 0.55));
  pen.globalAlpha = 0.45;
  pen.lineWidth = 0.75;
  pen.beginPath();
  for (const [w1, b1, w2, b2, e] of mesh.contours) {
    pen.moveTo(...at(w1, b1, e));
    pen.lineTo(...at(w2, b2, e));
  }
  pen.stroke();
  pen.globalAlpha = 1;
  return axes(pen, mesh, box, project, { colours, words });
}

/** The three axes at the near edges, their names at the middle tick of each; gives what is written. */
function axes(pen, { low, high }, box, project, { colours, words }) {
  const at = (u, v, z) => project([u, v, z]).slice(0, 2);
  const [u, v] = CORNERS.reduce((best, one) => (project([...one, 0])[2] < project([...best, 0])[2] ? one : best));
  const side = CORNERS.reduce((best, one) => (project([...one, 0])[0] < project([...best, 0])[0] ? one : best));
  const middle = at(0, 0, 0)[0];
  const written = [];
  Object.assign(pen, { font: FONT, textBaseline: "middle", lineWidth: 1 });
  pen.fillStyle = pen.strokeStyle = rgb(colours.muted);
  const write = (text, x, y) => {
    const long = pen.measureText(text).width;
    pen.fillText(text, x, y);
    written.push([x - { left: 0, center: 0.5, right: 1 }[pen.textAlign] * long, y, long]);
  };
  const label = (text, u, v) => {
    const [x, y] = at(u, v, 0);
    const outwards = Math.sign(x - middle);
    pen.textAlign = Math.abs(x - middle) < 20 ? "center" : outwards < 0 ? "right" : "left";
    write(text, x + 7 * outwards, y + 12);
  };
  const edges = [
    [[-HALF.w, v, 0], [HALF.w, v, 0]],
    [[u, -HALF.b, 0], [u, HALF.b, 0]],
    [[...side, 0], [...side, box.height]],
  ];
  for (const [from, to] of edges) {
    pen.beginPath();
    pen.moveTo(...at(...from));
    pen.lineTo(...at(...to));
    pen.stroke();
  }
  const named = ({ values, text }, name, put) => {
    const inner = values.filter(value => value > low[name] + 0.05 && value < high[name] - 0.05);
    const which = inner[Math.floor(inner.length / 2)];
    for (const value of inner) put(value === which ? `${name} = ${text(value)}` : text(value), value);
  };
  named(ticks(low.w, high.w, 4), "w", (text, w) => label(text, box.across(w, "w"), v));
  named(ticks(low.b, high.b, 3), "b", (text, b) => label(text, u, box.across(b, "b")));
  pen.textAlign = "right";
  const { values, text } = box.heights;
  for (const e of values) {
    const [x, y] = at(...side, (box.height * e) / box.top);
    write(e === values.at(-1) ? `${words.height || ""} ${text(e)}` : text(e), x - 6, y);
  }
  return { written, rim: at(...side, 0)[0] };
}
