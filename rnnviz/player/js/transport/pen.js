// An SVG picture that is drawn again and again: each thing has a key, keeps its element, and goes when it is not drawn.

const SPACE = "http://www.w3.org/2000/svg";

/**
 * @param {SVGElement} svg
 * @param {string[]} layers from the lowest to the uppermost
 */
export function createPen(svg, layers = ["all"]) {
  const kept = new Map();
  let drawn = new Set();
  const groups = Object.fromEntries(layers.map(name => [name, document.createElementNS(SPACE, "g")]));
  let group = groups[layers[0]];
  svg.append(...Object.values(groups));

  function draw(key, tag, attributes, text = "") {
    let one = kept.get(key);
    if (!one) {
      one = { element: document.createElementNS(SPACE, tag), set: {}, text: "" };
      group.append(one.element);
      kept.set(key, one);
    }
    drawn.add(key);
    for (const [name, value] of Object.entries(attributes)) {
      const said = typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
      if (one.set[name] === said) continue;
      one.set[name] = said;
      one.element.setAttribute(name, said);
    }
    if (one.text !== text) one.element.textContent = one.text = text;
    return one.element;
  }
  return {
    draw,
    /** What is drawn next lies on this layer. */
    on(layer) {
      group = groups[layer];
    },
    /** @type {(key: string, from: number[], to: number[], style: string) => void} */
    line: (key, [x1, y1], [x2, y2], style) => draw(key, "line", { x1, y1, x2, y2, class: style }),
    /** @type {(key: string, points: number[][], style: string) => void} */
    path(key, points, style) {
      const same = kept.get(key)?.points === points; // one that stays the same array needs no writing
      const d = same ? kept.get(key).set.d : points.length ? `M${points.map(at).join("L")}` : "M0 0";
      draw(key, "path", { d, class: style });
      kept.get(key).points = points;
    },
    /** @type {(key: string, middle: number[], r: number, style: string, more?: object) => void} */
    circle: (key, [cx, cy], r, style, more = {}) => draw(key, "circle", { cx, cy, r, class: style, ...more }),
    /** @type {(key: string, place: number[], words: string, style: string, anchor?: string) => void} */
    text: (key, [x, y], words, style, anchor = "start") =>
      draw(key, "text", { x, y, class: style, "text-anchor": anchor }, words),
    /** A line with a head, which ends at `to`. */
    arrow(key, from, to, style, head = 13) {
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const long = Math.hypot(dx, dy);
      if (long < 0.5) return;
      const size = Math.min(head, long);
      const [u, v] = [dx / long, dy / long];
      const foot = [to[0] - u * size, to[1] - v * size];
      const side = by => [foot[0] - v * by * size, foot[1] + u * by * size];
      draw(`${key}.line`, "line", { x1: from[0], y1: from[1], x2: foot[0], y2: foot[1], class: style });
      const corners = [to, side(0.45), side(-0.45)];
      draw(`${key}.head`, "path", { d: `M${corners.map(at).join("L")}Z`, class: `${style} head` });
    },
    /** What was not drawn since the last time goes. */
    end() {
      for (const [key, { element }] of kept) {
        if (drawn.has(key)) continue;
        element.remove();
        kept.delete(key);
      }
      drawn = new Set();
    },
  };
}

const at = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
