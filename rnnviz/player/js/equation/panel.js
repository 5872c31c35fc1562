// The equation, drawn: symbols over their numbers, each number in a chip like the thing it came from; below it the
// waterfall of the sum, the valves on the gradient's way back, and a sentence.

import { number, superscript } from "../core/numbers.js";
import { leavesOf } from "../core/digits.js";
import { explain } from "./equation.js";
import { gradientCss, signedCss } from "../core/colours.js";
import { legsOf, workOf } from "../core/phases.js";
import { drawInto, drawn } from "./patch.js";

// "f_5" and "a_{f,5}" as text and subscripts
const written = symbol => symbol.split(/_(\{[^}]*\}|\d+|[a-z])/)
  .map((part, k) => (k % 2 ? drawn("sub", {}, part.replace(/[{}]/g, "")) : part)).filter(part => part !== "");
const spoken = symbol => symbol.replace(/_\{?([^}\s]*)\}?/g, " $1");

// how a number looks: {class, style}
function looks({ look, value, colour }) {
  const hue = colour ? `--hue:var(--rnn-${colour});` : "";
  if (!Number.isFinite(value)) return { kind: "broken", style: hue };
  if (look === "gate") return { kind: "valve", style: `${hue}--open:${(100 * value).toFixed(1)}%` };
  if (look === "gradient" && value === 0) return { kind: "none", style: hue };
  if (look === "gradient") return { kind: "filled", style: `${hue}--chip:${gradientCss(value)}` };
  if (look === "signed") return { kind: "filled", style: `${hue}--chip:${signedCss(value)}` };
  return { kind: "plain", style: hue };
}

// what makes a thing one that can be followed
const follows = ({ ref, leg, go, says, symbol }, text) => ({
  "data-ref": ref, "data-leg": leg, go, role: go ? "button" : "img", tabindex: go && "0",
    "aria-label": `${spoken(says || symbol)}, ${text}`,
});

const TERMS = { gradient: "term gradient", rest: "term pale" };
function term(leaf, digits) {
  const text = number(leaf.value, digits), { kind, style } = looks(leaf);
  return drawn("span", { class: TERMS[leaf.look] || "term", style, ...follows(leaf, text) },
    drawn("span", { class: "symbol" }, written(leaf.symbol)),
    drawn("span", { class: `chip ${kind}`, "data-value": text, title: String(leaf.value) }, text));
}

const sign = (symbol, text = symbol, more = {}) => drawn("span", { class: "sign", "aria-hidden": "true", ...more },
  drawn("span", {}, symbol), drawn("span", { "data-sign": text }, text));

// the tree of a right-hand side as terms and signs; a product in a sum stays together where lines break
function side(tree, digits, within = null) {
  if (tree.add || tree.minus) {
    const between = tree.add ? "+" : "−";
    const parts = (tree.add || tree.minus).map((part, k) => group([k ? sign(between) : null, side(part, digits,
      "sum")]));
    return within === "product" ? [group([sign("("), ...parts, sign(")")])] : parts;
  }
  if (tree.times) {
    const parts = tree.times.map((part, k) => group([k ? sign("·", "×") : null, side(part, digits, "product")]));
    return within === "sum" ? [group(parts)] : parts;
  }
  if (tree.call) {
    const parts = side(tree.of, digits, "call");
    parts[0] = group([sign(`${tree.call}(`), parts[0]]);
    parts.push(group([parts.pop(), sign(")")]));
    return parts;
  }
  return [term(tree, digits)];
}
const group = parts => drawn("span", { class: "group" }, parts);

const NOT_EXACT = "The digits shown are not enough to multiply it out.";
function line({ result, right, continued, digits }) {
  const relation = digits.equal ? "=" : "≈";
  return drawn("div", { class: continued ? "line continued" : "line", "data-relation": relation },
    continued ? null : term(result, digits.result),
    sign(relation, relation, { class: "sign relation", title: digits.equal ? null : NOT_EXACT }),
    side(right, digits.operands));
}

// more terms than fit side by side in large type
const MOST_LARGE = 4;
const isLong = ({ right }) => leavesOf(right).length > MOST_LARGE;

const finite = value => (Number.isFinite(value) ? value : 0);
const barKind = (value, look) => (!Number.isFinite(value) ? "broken" : look === "share" ? "shared" : value < 0
  ? "negative" : "positive");

// one row: its label, its bar from `start` to `end` on the scale, and its number
function entry(row, [start, end], scale, kind, text, label) {
  const left = scale(Math.min(start, end)), right = scale(Math.max(start, end));
  return drawn("span", { class: "entry", ...follows({ ...row, says: row.says || row.label }, text) },
    label,
    drawn("i", { class: "track", style: `--zero:${scale(0).toFixed(2)}%` },
      drawn("i", { class: `bar ${kind}`, style: `left:${left.toFixed(2)}%;width:${(right - left).toFixed(2)}%` })),
    drawn("span", { class: Number.isFinite(row.value) ? "reading" : "reading broken", "data-value": text,
      title: String(row.value) }, text));
}

const opener = ({ open, opens, label }) => drawn("button", {
  type: "button", press: { open: open ? null : opens }, "aria-expanded": String(open),
    "aria-label": `the terms of ${spoken(label)}`,
}, open ? "▾" : "▸");

// each row's bar begins where the sum stands and ends where the row takes it; in a list each begins at 0
function fall({ title, rows, sum, list, looks: look }, exact) {
  let stands = 0, inside = 0;
  const spans = rows.map(row => {
    const start = list ? 0 : row.inner ? inside : stands, end = start + finite(row.value);
    if (row.inner) inside = end;
    else [inside, stands] = [start, end];
    return [start, end];
  });
  const ends = [0, look === "share" ? 1 : 0, sum ? finite(sum.value) : 0, ...spans.flat()];
  const low = Math.min(...ends), wide = Math.max(...ends) - low || 1, scale = value => (100 * (value - low)) / wide;
  const print = value => (look === "share" ? share(value) : exact(value));
  const label = row => drawn("span", { class: "label" }, row.formula ? written(row.label) : row.label);
  const name = sum && drawn("span", { class: "label symbol" }, written(sum.label));
  const kind = rows.some(row => row.opens) ? "fall opens" : "fall", hue = sum && sum.colour
    ? `--hue:var(--rnn-${sum.colour})` : null;
  const ending = sum && barKind(sum.value, look) === "broken" ? "broken" : "total";
  return drawn("div", { class: kind, style: hue },
    title ? drawn("p", { class: "caption" }, title) : null,
    rows.map((row, k) => drawn("div", { class: row.inner ? "row inner" : "row" },
      row.opens ? opener(row) : null,
      entry(row, spans[k], scale, barKind(row.value, look), print(row.value), label(row)))),
    sum ? drawn("div", { class: "row sum" },
      entry({ ...sum, ref: null, go: null }, [0, finite(sum.value)], scale, ending, print(sum.value), name)) : null);
}

const share = value => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "NaN");

function chainOf({ title, leaves, more, result, digits, underflow }) {
  const product = underflow !== null ? `10${superscript(underflow)}` : number(result.value, digits.result);
  const relation = underflow === null && digits.equal ? "=" : "≈";
  return drawn("div", { class: "chain", "data-relation": more ? "" : relation },
    drawn("p", { class: "caption" }, title),
    drawn("div", { class: "links" },
      leaves.flatMap((leaf, k) => {
        const text = number(leaf.value, digits.operands), { kind, style } = looks(leaf);
        return [k ? drawn("span", { class: "sign", "data-sign": "×" }, "×") : null,
          drawn("span", { class: "link", style, ...follows(leaf, text) },
            leaf.look === "gate" ? drawn("i", { class: `small ${kind}` }) : null,
            drawn("span", { class: "reading", "data-value": text, title: String(leaf.value) }, text),
            drawn("span", { class: leaf.look === "gate" ? "symbol" : "steps" }, written(leaf.symbol)))];
      }),
      more ? drawn("span", { class: "sign" }, `× ${more} more`) : null,
      drawn("span", { class: "product" }, `${relation} `, drawn("b", { "data-value": product,
        title: String(result.value) }, product))));
}

const mark = (node, name, on) => { if (node.classList.contains(name) !== on) node.classList.toggle(name, on); };
export function equationPanel(host, model, act) {
  const root = document.createElement("section");
  root.className = "equation-panel";
  root.dataset.testid = "rnn-equation";
  host.append(root);
  const choices = { all: false, open: null };
  let shown = null, lit = null;
  /** @returns {NodeListOf<HTMLElement>} */
  const elements = selector => root.querySelectorAll(selector);

  function draw() {
    const { model, view } = shown, { title, where, lines, falls, chain, note, print } = explain(model, view, choices);
    const brief = view.story && view.shown.panel("circuit"); // there is room for the line alone
    const focused = () => root.contains(/** @type {Document} */ (root.getRootNode()).activeElement);
    const hadFocus = focused();
    const expands = falls.some(one => one.expands);
    drawInto(root, [
      drawn("h3", { tabindex: "-1" }, title, drawn("span", {}, ` ${where}`)),
      drawn("div", { class: brief && lines.some(isLong) ? "lines long" : "lines" }, lines.map(line)),
      drawn("p", { class: "words" }, brief ? "" : note),
      drawn("div", { class: "way" }, chain && !brief ? chainOf(chain) : null),
      drawn("div", { class: "falls" }, brief ? null : falls.map(one => fall(one, print)),
        expands && !brief ? drawn("button", { type: "button", class: "all", press: { all: !choices.all } },
          choices.all ? "show the largest terms" : "show all terms") : null),
    ]);
    if (hadFocus && !focused()) root.querySelector("h3").focus({ preventScroll: true });
    for (const button of root.querySelectorAll("[role=button], button"))
      button.setAttribute("aria-disabled", String(Boolean(view.locked)));
    if (lit) light(lit);
  }

  function light(ref) {
    lit = ref;
    let any = false;
    for (const element of elements("[data-ref]")) {
      const on = element.dataset.ref === ref;
      any ||= on;
      element.classList.toggle("on", on);
    }
    root.classList.toggle("lit", any);
  }

  function work(u) {
    const { model, view } = shown, legs = u === null ? null : legsOf(model, view);
    for (const element of elements(".lines .term")) {
      const { ref = "", leg } = element.dataset, when = legs && workOf(model, legs, leg ?? ref, view.backward);
      mark(element, "waiting", Boolean(when) && u < when.known);
      mark(element, "working", Boolean(when) && u >= when.from && u < when.to);
    }
  }

  function follow(event) {
    for (let element = event.target; element && element !== root; element = element.parentElement) {
      if (element.press) {
        Object.assign(choices, element.press);
        draw();
        return true;
      }
      if (element.go) {
        const { ref, ...where } = element.go;
        act.select(ref, where);
        return true;
      }
    }
    return false;
  }
  root.onclick = follow;
  root.onkeydown = event => {
    if ((event.key !== "Enter" && event.key !== " ") || event.ctrlKey || event.metaKey || event.altKey
      || !follow(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    update(model, view) {
      if (shown && shown.view.selected !== view.selected) choices.open = null;
      shown = { model, view: { ...view } };
      draw();
    },
    light,
    // while a step is taken: a term waits for its number, and is lit while it is at work
    progress(moving) { if (shown) work(moving && moving.t === shown.view.t ? moving.u : null); },
    clear() { shown = null; drawInto(root, []); },
  };
}
