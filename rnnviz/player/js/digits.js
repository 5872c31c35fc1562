// How many digits make a printed line multiply out.
//
// The right-hand side of a line is a tree: leaves {value}, and {add: [...]}, {minus: [a, b]}, {times: [...]},
// {call: "σ" | "tanh" | "relu", of}. A line {result, right} holds at some digits if the right-hand side, worked out from
// its numbers as they are printed and rounded as the result is printed, is the result as it is printed.

import { number } from "./numbers.js";
import { sigmoid } from "./model.js";

const FUNCTIONS = { "σ": sigmoid, tanh: Math.tanh, relu: a => (a > 0 || Number.isNaN(a) ? a : 0) };
const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// the number that a text of `number` stands for
export function readNumber(text) {
  const [digits, power = ""] = text.replace("−", "-").replace("∞", "Infinity").split("×10");
  return Number(digits + (power && "e") + [...power].map(digit => (digit === "⁻" ? "-" : POWERS.indexOf(digit))).join(""));
}

// The value of a tree, its leaves printed with `digits` first; exactly, without.
export function evaluate(tree, digits) {
  const value = part => evaluate(part, digits);
  if (tree.add) return tree.add.reduce((total, part) => total + value(part), 0);
  if (tree.minus) return value(tree.minus[0]) - value(tree.minus[1]);
  if (tree.times) return tree.times.reduce((total, part) => total * value(part), 1);
  if (tree.call) return FUNCTIONS[tree.call](value(tree.of));
  return digits ? readNumber(number(tree.value, digits)) : tree.value;
}

const holds = (line, { result, operands }) =>
  number(evaluate(line.right, operands), result) === number(line.result.value, result);

// The same digits for all numbers, as few as will do. Beyond five, and where that will not do (a difference of near equals, a
// gate all but shut), more for the operands than for the result. A payload's numbers have seven, their sums more.
const same = digits => ({ result: digits, operands: digits, equal: true });
const more = digits => ({ result: 3, operands: digits, equal: true });
const CHOICES = [same(3), same(4), same(5), more(5), same(6), more(6), same(7), more(7), more(8), more(9)];
const APPROXIMATE = { result: 3, operands: 3, equal: false };

// {result, operands, equal} for each of `lines`: one choice for all of them if there is one, so that no number is shown
// in two roundings; else each its own. `equal` false: the line holds at no choice, and has to say "≈".
export function digitsOf(lines, choices = CHOICES) {
  const common = choices.find(choice => lines.every(line => holds(line, choice)));
  return lines.map(line => common || choices.find(choice => holds(line, choice)) || APPROXIMATE);
}

// For a long product the result keeps three digits, and its many factors get as many as it takes.
export const digitsOfProduct = line => digitsOf([line], [3, 4, 5, 6, 7].map(more))[0];
