// The equation of what is selected, with the numbers of this step: `explain(model, view, options) -> Explanation`.
//
//   title    what is explained       where   its unit, step, layer and direction, in words
//   lines    [{result, right, continued, digits}]   right is a tree of leaves, see core/digits.js; a continued line
//   repeats no result
//   falls    [{title, rows, sum, expands, list, looks}]   waterfalls: what a sum is made of; or, `list`, numbers
//   side by side
//   chain    {title, leaves, more, result, digits} or null   factors along the gradient's way back, and the product
//   of all
//   note     a sentence or two in plain words, its numbers computed       print    number -> text, for the waterfalls
//
// It is pure: the same model, view and options {all, open} give the same explanation.

import { number } from "../core/numbers.js";
import { stateOf } from "../core/cell.js";
import { places } from "../core/names.js";
import { digitsOf, leavesOf } from "../core/digits.js";
import { sceneOf, stepLabel } from "./leaves.js";
import { stateHeld } from "./gates.js";
import { elmanBackward, elmanForward } from "./elman.js";
import { lstmBackward, lstmForward } from "./lstm.js";
import { gruBackward, gruForward } from "./gru.js";
import { onlyShown } from "./shown.js";
import { ALL } from "../core/shown.js";
import { inputBackward, inputForward, outputBackward, outputForward } from "./ends.js";

const FORWARD = { elman: elmanForward, lstm: lstmForward, gru: gruForward };
const BACKWARD = { elman: elmanBackward, lstm: lstmBackward, gru: gruBackward };
const ENDS = { x: [inputForward, inputBackward], y: [outputForward, outputBackward] };

// the places that say what a state is made of
const makes = (model, ref) => (model.spec.gated ? stateOf(model, ref) : undefined);

const NOT_FINITE = "The numbers have left the finite range here: ∞ and NaN are shown as they are.";

export function explain(model, view, options = {}) {
  const backward = view.backward && model.backward, selected = places(model).includes(view.selected) ? view.selected
    : "h";
  const s = sceneOf(model, { ...view, backward }, { all: false, open: null, ...options });
  const state = backward ? undefined : makes(model, selected);
  const made = ENDS[selected] ? ENDS[selected][backward ? 1 : 0](s) : state && s.level.pinned(state, s.t, s.j)
    ? stateHeld(s, state)
    : (backward ? BACKWARD : FORWARD)[model.cell](s)[selected]();
  const found = onlyShown({ falls: [], chain: null, ...made }, model, view.shown || ALL);
  const digits = digitsOf(found.lines), lines = found.lines.map((line, k) => ({ ...line, digits: digits[k] }));
  const finite = lines.every(line => Number.isFinite(line.result.value));
  return {
    ...found,
    lines,
    where: whereOf(s, selected, found.subject),
    chain: found.chain ? withDigits(found.chain) : null,
    note: finite ? found.note(printer(lines, "result")) : NOT_FINITE,
    print: printer(lines, "operands"),
  };
}

// How a number is printed outside the lines: as in the line that it stands in; else with the digits that lines have
// for their `role` ("result" or "operands").
function printer(lines, role) {
  const known = new Map(lines.flatMap(({ result, right, digits }) => [
    ...leavesOf(right).map(leaf => [leaf.value, digits.operands]), [result.value, digits.result],
  ]));
  const most = Math.max(3, ...lines.map(line => line.digits[role]));
  return value => number(value, known.get(value) || most);
}

function whereOf(s, selected, subject) {
  const { model, level, t } = s, end = selected === "y", deep = model.L > 1 || model.layerName(0) > 1;
  return [
    subject || (selected === "x" ? "" : `unit ${model.unitName(s.j)}`),
    `step ${stepLabel(s, t)}`,
    deep && !end ? `layer ${model.layerName(level.layer)}` : "",
    model.D > 1 && !end ? (level.direction ? "right to left" : "left to right") : "",
  ].filter(Boolean).join(", ");
}

// a row that shows only some of its factors cannot be multiplied out by the reader: three digits then
function withDigits(chain) {
  const { leaves, more, result, underflow } = chain, whole = !more && underflow === null;
  return { ...chain, digits: whole ? digitsOf([{ result, right: { times: leaves } }])[0] : { result: 3, operands: 3,
    equal: true } };
}
