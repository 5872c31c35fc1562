// Drawing as if anew each time, in SVG: what has a key stays the same element, so that focus and hover survive.

import { clamp, letters } from "./shapes.js";
import { mix, palette, rgb, signedColour, textOn } from "../core/colours.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const LAYERS = ["back", "wire", "cell", "over", "pass", "gate", "token", "top"];
const INVISIBLE = 0.004;
const make = tag => document.createElementNS(NAMESPACE, tag);

/** Widths of texts, measured once each. */
function createRuler() {
  const context = document.createElement("canvas").getContext("2d");
  const known = new Map();
  let family = "sans-serif";
  return {
    use(name) {
      if (name !== family) {
        family = name;
        known.clear();
      }
    },
    width(text, size, weight = 600) {
      const key = `${weight} ${text}`;
      if (!known.has(key)) {
        context.font = `${weight} 100px ${family}`;
        known.set(key, context.measureText(text).width / 100);
      }
      return known.get(key) * size;
    },
  };
}

/** Places on a path, by share of its length. */
function createRail() {
  const rails = new Map();
  return (d, share) => {
    if (rails.size > 60) rails.clear();
    if (!rails.has(d)) {
      const path = make("path");
      path.setAttribute("d", d);
      rails.set(d, { path, length: path.getTotalLength() });
    }
    const { path, length } = rails.get(d);
    const { x, y } = path.getPointAtLength(length * clamp(share));
    return [x, y];
  };
}

/** @typedef {ReturnType<typeof createPen>} Pen */

/**
 * How something is drawn; whatever is left out has its usual value.
 * @typedef {object} Look
 * @property {number} [opacity]
 * @property {number} [size] of the type
 * @property {string} [style] classes of a text
 * @property {string | null} [anchor] of a text: start, middle, end
 * @property {string} [fill]
 * @property {string} [term] what a symbol is, for its definition
 * @property {string} [label] the definition
 * @property {boolean} [upright] a word, not a letter
 * @property {number} [scale] of a pill
 * @property {boolean} [moving] a pill on its way
 * @property {number} [width] of a pill
 * @property {number} [full] the value that has the full colour
 * @property {string} [about] what a pill stands for, as in the equation
 * @property {number} [room] the width within which a pill stays
 */

/**
 * @param {SVGSVGElement} svg
 * @param {HTMLElement} root where the theme's colours are read
 */
export function createPen(svg, root) {
  const layers = Object.fromEntries(LAYERS.map(name => [name, svg.appendChild(make("g"))]));
  const kept = new Map();
  const ruler = createRuler();
  const along = createRail();
  let drawn = new Set();
  let colours = palette(root);

  /** Sets what has changed; numbers to a thousandth. */
  function set(element, attributes) {
    for (const [name, given] of Object.entries(attributes)) {
      const value = typeof given === "number" ? Math.round(given * 1000) / 1000 : given;
      if (element.last[name] === value) continue;
      element.last[name] = value;
      if (value === null || value === undefined) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
    for (const name of Object.keys(element.last)) {
      if (!(name in attributes) && element.last[name] !== null) {
        element.last[name] = null;
        element.removeAttribute(name);
      }
    }
  }
  /** One element; null where it cannot be seen. `into`: a layer's name, or an element that was drawn before it. */
  function draw(into, key, tag, attributes, words) {
    if (attributes.opacity !== undefined && attributes.opacity <= INVISIBLE) return null;
    let element = kept.get(key);
    if (!element) {
      element = Object.assign(make(tag), { last: {} });
      kept.set(key, element);
      (typeof into === "string" ? layers[into] : into).append(element);
    }
    drawn.add(key);
    set(element, attributes);
    if (words !== undefined && element.words !== words) {
      element.words = words;
      element.textContent = words;
    }
    return element;
  }

  const pen = {
    get colours() {
      return colours;
    },
    along,
    draw,
    width: ruler.width,
    shade: (value, full = 1) => signedColour(colours, value / full),
    tint: (name, weight) => rgb(mix(colours.background, colours[name], weight)),
    rgb,
    /** Reads theme and fonts again. */
    refresh() {
      colours = palette(root);
      ruler.use(getComputedStyle(root).fontFamily);
    },
    begin() {
      drawn = new Set();
    },
    end() {
      for (const [key, element] of kept)
        if (!drawn.has(key)) {
          element.remove();
          kept.delete(key);
        }
    },

    text(into, key, x, y, words, /** @type {Look} */ look = {}) {
      const { style, size, opacity, anchor, fill } = look;
      return draw(
        into,
        key,
        "text",
        {
          x,
          y,
          class: style || null,
          opacity,
          "text-anchor": anchor || null,
          fill: fill || null,
          "font-size": size || null,
        },
        words,
      );
    },

    /** A symbol such as h_1, which explains itself when it is pointed at. */
    symbol(into, key, x, y, name, /** @type {Look} */ look = {}) {
      const { term, size = 23, opacity = 1, anchor, label, upright } = look;
      const { letter, index } = letters(name);
      const help = term && label ? { tabindex: 0, role: "button", "data-term": term } : {};
      const text = draw(into, key, "text", {
        x,
        y,
        class: term ? "symbol help" : "symbol",
        opacity,
        "text-anchor": anchor || null,
        "font-size": size,
        "aria-label": label ? `${name.replace("_", " ")}: ${label}` : null,
        ...help,
      });
      if (!text) return;
      draw(text, `${key}.letter`, "tspan", { class: upright ? "upright" : null }, letter);
      if (index)
        draw(text, `${key}.index`, "tspan", { class: "index", dy: size * 0.2, "font-size": size * 0.66 }, index);
    },

    /** A value in a rounded plate of its colour; what moves wears the accent. */
    pill(into, key, [x, y], words, value, /** @type {Look} */ look = {}) {
      const { opacity = 1, scale = 1, moving, width, size = 17, full, about, room } = look;
      if (opacity <= INVISIBLE) return;
      const height = size * 1.88;
      const text = ruler.width(words, size);
      const wide = width ? Math.max(width, text + 7) : Math.max(text + size * 1.25, size * 2.5);
      const inside = room ? clamp(x, wide / 2 + 1, room - wide / 2 - 1) : x; // what is wide stays in the picture
      const shade = pen.shade(value, full);
      const group = draw(into, key, "g", {
        transform: `translate(${inside.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(3)})`,
        opacity,
        class: "pill",
        "data-part": about || null,
      });
      draw(group, `${key}.plate`, "rect", {
        x: -wide / 2,
        y: -height / 2,
        width: wide,
        height,
        rx: height / 2,
        fill: rgb(shade),
        stroke: moving ? "var(--rnn-forward)" : "var(--rnn-muted)",
        "stroke-width": moving ? 2.5 : 1.2,
      });
      draw(
        group,
        `${key}.words`,
        "text",
        {
          x: 0,
          y: size * 0.35,
          "text-anchor": "middle",
          class: "strong still",
          "font-size": size,
          fill: textOn(shade),
        },
        words,
      );
    },

    /** A wire; `lit`: how much of it the signal has passed. */
    wire(key, d, { opacity = 1, lit = 0, glow = 1, into = "wire", width = 9, cap = "round" } = {}) {
      draw(into, key, "path", {
        d,
        fill: "none",
        stroke: "var(--rnn-pipe)",
        "stroke-width": width,
        "stroke-linecap": cap,
        "stroke-linejoin": "round",
        opacity,
      });
      pen.trail(`${key}.lit`, d, lit, opacity * glow, into);
    },
    trail(key, d, lit, opacity, into = "wire") {
      if (lit < 0.004) return;
      draw(into, key, "path", {
        d,
        fill: "none",
        stroke: "var(--rnn-forward)",
        "stroke-width": 3,
        "stroke-linecap": "round",
        pathLength: 1,
        "stroke-dasharray": `${lit.toFixed(4)} 2`,
        opacity: 0.75 * opacity,
      });
    },
    arrow: (key, x, y, angle, opacity = 1) =>
      draw("wire", key, "path", {
        d: "M-5-6L4 0L-5 6",
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${angle})`,
        class: "arrow",
        opacity,
      }),
  };
  return pen;
}
