// The equation above the picture: symbols, then the same line with this step's numbers in the same places, each filled
// in at the moment at which the number arrives there.

import { letters, moment } from "./shapes.js";

/** An element with a class, attributes, and children (elements or texts). */
function make(tag, style, attributes, ...children) {
  const element = document.createElement(tag);
  if (style) element.className = style;
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A symbol such as h_1 as HTML; with a definition it explains itself. */
function symbol(name, about, words) {
  const { letter, index } = letters(name);
  const term = about === "h_past" ? "h" : about;
  const help = (words.terms || {})[term];
  const element = make("span", help ? "symbol help" : "symbol", { "data-part": about }, make("i", "", null, letter));
  if (index) element.append(make("sub", "", null, index));
  if (help)
    for (const [key, value] of [
      ["tabindex", 0],
      ["role", "button"],
      ["data-term", term],
      ["aria-label", `${name.replace("_", " ")}: ${help}`],
    ])
      element.setAttribute(key, value);
  return element;
}

const operator = sign => make("span", "op", null, sign);
/** A number that appears when the share `from` of the step is over. */
const value = (text, from, about) =>
  make("span", "value", { "data-from": from, ...(about ? { "data-part": about } : {}) }, text);
const bracketed = text => (text.startsWith("−") ? `(${text})` : text);
const cell = (...children) => make("td", "", null, ...children);

function symbolRow(t, words) {
  const product = (weight, number, about) =>
    cell(symbol(weight, weight, words), operator(" · "), symbol(number, about, words));
  return make(
    "tr",
    "",
    null,
    cell(symbol(`h_${t + 1}`, "h", words)),
    cell("= tanh("),
    product("w_x", `x_${t + 1}`, "x"),
    cell(operator("+")),
    product("w_h", `h_${t}`, "h_past"),
    cell(operator("+")),
    cell(symbol("b", "b", words)),
    cell(")"),
  );
}

function numberRow(t, { printed }) {
  const product = (weight, of, number, about) =>
    cell(value(bracketed(printed[weight]), 0.19, weight), value(" · ", 0.19), value(bracketed(number), 0.19, about));
  return make(
    "tr",
    "",
    null,
    cell(),
    cell(value("= tanh(", 0.19)),
    product("w_x", "x", printed.x[t], "x"),
    cell(value("+", 0.19)),
    product("w_h", "h", printed.h[t], "h_past"),
    cell(value("+", 0.19)),
    cell(value(bracketed(printed.b), 0.19, "b")),
    cell(value(")", 0.19)),
  );
}

/** What comes out: behind the sum, or on a narrow screen on a line of its own. */
function resultRows(t, { printed }, narrow) {
  const [sum, equal] = [printed.a[t], printed.holds[t] ? "=" : "≈"];
  const from = 0.28;
  const result = value("", 0.72, "h");
  result.append(`${equal} `, make("b", "", null, printed.h[t + 1]));
  const squeezed = value(`${equal} tanh(${sum})`, 0.5, "a");
  const after = narrow ? [] : [" ", squeezed, " ", result];
  const row = make(
    "tr",
    "",
    null,
    cell(),
    cell(value("= tanh(", from)),
    cell(value(printed.x_terms[t], from)),
    cell(value("+", from)),
    cell(value(bracketed(printed.h_terms[t]), 0.26)),
    cell(value("+", from)),
    cell(value(bracketed(printed.b), from)),
    cell(value(")", from), ...after),
  );
  return narrow
    ? [row, make("tr", "", null, cell(), make("td", "own", { colspan: 7 }, squeezed, " ", result))]
    : [row];
}

function law(words) {
  return make(
    "div",
    "",
    null,
    symbol("h_t", "h", words),
    " = tanh( ",
    symbol("w_x", "w_x", words),
    operator(" · "),
    symbol("x_t", "x", words),
    operator(" + "),
    symbol("w_h", "w_h", words),
    operator(" · "),
    symbol("h_t−1", "h_past", words),
    operator(" + "),
    symbol("b", "b", words),
    " )",
    ...(words.every ? [make("span", "op every", null, words.every)] : []),
  );
}

const same = (a, b) => a === b || (a && b && Object.keys(a).every(name => a[name] === b[name]));

/** Before the reader has predicted, what comes out stands nowhere, also not unseen: only room for it. */
function covered(data) {
  const blank = texts => texts.map(() => "0.000");
  const { x_terms, h_terms, a, h } = data.printed;
  const hidden = { x_terms: blank(x_terms), h_terms: blank(h_terms), a: blank(a), h: blank(h) };
  return { ...data, printed: { ...data.printed, ...hidden } };
}

/**
 * @param {HTMLElement} host
 * @returns {(what: "step" | "law" | null, scene: any) => void} shows one of the two, or nothing
 */
export function createEquation(host) {
  let shown = {};
  let values = [];
  function build(key, what, t, { data: all, words, narrow, locked }) {
    const data = locked && what === "step" ? covered(all) : all;
    shown = key;
    host.classList.toggle("off", !what);
    if (!what) return;
    host.classList.toggle("law", what === "law");
    host.replaceChildren();
    if (what === "law") host.append(law(words));
    if (what === "step")
      host.append(make("table", "", null, symbolRow(t, words), numberRow(t, data), ...resultRows(t, data, narrow)));
    const found = /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll("[data-from]"));
    values = [...found].map(element => ({
      element,
      from: Number(element.dataset.from),
    }));
  }
  return (what, scene) => {
    const { step, f, rest } =
      what === "step" ? moment(scene.at, scene.data.h.length, scene.begin) : { step: 0, f: 0, rest: true };
    const key = what && {
      what,
      step,
      words: scene.words,
      narrow: scene.narrow,
      locked: scene.locked,
      printed: what === "step" ? scene.data.printed : null,
    };
    if (!same(key, shown)) build(key, what, step, scene);
    for (const { element, from } of values) {
      element.classList.toggle("on", f >= from);
      element.classList.toggle("hot", f >= from && f < from + 0.1 && !rest);
    }
  };
}
