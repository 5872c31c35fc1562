// A picture in SVG that is drawn anew each frame: the elements of the last one are taken again in their order, and only
// what has changed is set. What is drawn later lies above.

const SPACE = "http://www.w3.org/2000/svg";

const short = value => (typeof value === "number" ? String(Math.round(value * 100) / 100) : value);

/** "M … L …" through points [x, y]; `closed` joins the last with the first. */
export function line(points, closed = false) {
  let d = "";
  for (let i = 0; i < points.length; i++)
    d += `${i ? "L" : "M"}${Math.round(points[i][0] * 100) / 100} ${Math.round(points[i][1] * 100) / 100}`;
  return closed ? `${d}Z` : d;
}

/** Straight lines from point to point, each pair one line. */
export const segments = pairs => pairs.map(pair => line(pair)).join("");

/** An arrow's head at its tip.
 * @param {number[]} tail @param {number[]} tip @param {number} size */
export function head([x0, y0], [x, y], size) {
  const length = Math.hypot(x - x0, y - y0) || 1;
  const k = Math.min(size, length * 0.7);
  const [ux, uy] = [((x - x0) / length) * k, ((y - y0) / length) * k];
  return line([[x, y], [x - ux - uy * 0.5, y - uy + ux * 0.5], [x - ux + uy * 0.5, y - uy - ux * 0.5]], true);
}

/** Words with indices, as in "W_hᵀ": the letter after each _ stands lower. */
function write(text, words) {
  const parts = words.split(/_(\w)/);
  text.textContent = parts[0];
  for (let i = 1; i < parts.length; i += 2) {
    const [index, rest] = [document.createElementNS(SPACE, "tspan"), document.createElementNS(SPACE, "tspan")];
    index.textContent = parts[i];
    index.setAttribute("class", "index");
    index.setAttribute("dy", "4");
    rest.textContent = parts[i + 1] || "\u200b";
    rest.setAttribute("dy", "-4");
    text.append(index, rest);
  }
}

/** @param {SVGSVGElement} svg */
export function createPen(svg) {
  const known = new WeakMap(); // element -> what is set of it
  let parent = svg;
  let next = null;

  function element(tag) {
    if (next?.tagName === tag) {
      const taken = next;
      next = next.nextSibling;
      return taken;
    }
    const made = document.createElementNS(SPACE, tag);
    known.set(made, {});
    parent.insertBefore(made, next);
    return made;
  }
  function put(tag, attributes, words) {
    const made = element(tag);
    const set = known.get(made);
    for (const name of Object.keys(set)) {
      if (name in attributes || name === "words") continue;
      made.removeAttribute(name);
      delete set[name];
    }
    for (const [name, given] of Object.entries(attributes)) {
      const value = short(given);
      if (value === undefined || set[name] === value) continue;
      made.setAttribute(name, value);
      set[name] = value;
    }
    if (words !== undefined && set.words !== words) {
      write(made, words);
      set.words = words;
    }
    return made;
  }
  /** What was not taken again goes. */
  function sweep() {
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  }
  const pen = {
    begin() {
      parent = svg;
      next = svg.firstChild;
    },
    end: sweep,
    /** All that `draw` draws, in a group; with `clip` [x, y, width, height] what lies outside of that is cut. */
    group(attributes, draw, clip) {
      const [x, y, width, height] = clip ?? [];
      const made = put(clip ? "svg" : "g", clip
        ? { ...attributes, x, y, width, height, viewBox: clip.map(short).join(" "), overflow: "hidden" } : attributes);
      const after = next;
      const outer = parent;
      [parent, next] = [made, made.firstChild];
      draw();
      sweep();
      [parent, next] = [outer, after];
    },
    path: (style, d, more = {}) => put("path", { class: style, d, ...more }),
    circle: (style, [cx, cy], r, more = {}) => put("circle", { class: style, cx, cy, r: Math.max(0, r), ...more }),
    box: (style, [x, y, width, height], more = {}) => put("rect", { class: style, x, y, width, height, ...more }),
    /** Words at a point; `anchor` start, middle or end. */
    text: (style, [x, y], words, anchor = "start", more = {}) =>
      put("text", { class: style, x, y, "text-anchor": anchor, ...more }, words),
  };
  return pen;
}
