// How many digits make a printed line multiply out.
//
// The right-hand side of a line is a tree: leaves {value}, and {add: [...]}, {minus: [a, b]}, {times: [...]},
// {call: "σ" | "tanh" | "relu", of}. A line {result, right} holds at some digits if the right-hand side, worked out
// from its numbers as they are printed and rounded as the result is printed, is the result as it is printed.

import { number } from "./numbers.js";
import { ACTIVATIONS } from "./activations.js";

const FUNCTIONS = Object.fromEntries(Object.values(ACTIVATIONS).map(({ sign, of }) => [sign, of]));
const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// the number that a text of `number` stands for
export function readNumber(text) {
  const [digits, power = ""] = text.replace("−", "-").replace("∞", "Infinity").split("×10");
  const exponent = [...power].map(digit => (digit === "⁻" ? "-" : POWERS.indexOf(digit))).join("");
  return Number(digits + (power && "e") + exponent);
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

// The result has three digits, as everywhere in the player. So have the numbers that it is worked out from, if that
// will do; else as many more as it takes (a payload's numbers have seven, their sums more).
const CHOICES = [3, 4, 5, 6, 7, 8, 9].map(digits => ({ result: 3, operands: digits, equal: true }));
const APPROXIMATE = { result: 3, operands: 3, equal: false };

// {result, operands, equal} for each of `lines`: one choice for all of them if there is one, so that no number is shown
// in two roundings; else each its own. `equal` false: the line holds at no choice, and has to say "≈".
export function digitsOf(lines) {
  const common = CHOICES.find(choice => lines.every(line => holds(line, choice)));
  return lines.map(line => common || CHOICES.find(choice => holds(line, choice)) || APPROXIMATE);
}

// the leaves of a tree
export function leavesOf(tree) {
  const parts = tree.add || tree.minus || tree.times || (tree.call && [tree.of]);
  return parts ? parts.flatMap(leavesOf) : [tree];
}
