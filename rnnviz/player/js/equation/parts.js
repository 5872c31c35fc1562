// What the explanations of the three cells share: what a product or a sum makes, and its gradient.

import { evaluate } from "../core/digits.js";
import { derivedLeaf, plainLeaf, stepLabel } from "./leaves.js";

// "kept_5 = f_5 · c_4": the line of an operation, whose result is nothing but its right-hand side
export const operation = (s, word, right, says, ref) => ({
  result: plainLeaf(`${word}_${stepLabel(s, s.t)}`, evaluate(right), says, { look: "signed", ref }),
  right,
});

// the line of a derivative that is nothing but its right-hand side
export const derivative = (symbol, says, right, ref) => ({ result: derivedLeaf(symbol, evaluate(right), says, ref),
  right });

// what is kept and what is written, as the two bars that make the new state
export function keptAndWritten(keep, write, result) {
  const row = (label, right, ref) => ({ label, says: label, value: evaluate(right), ref, go: null });
  const rows = [row("kept", keep, "keep"), row("written", write, "write")];
  return { title: "", rows, sum: { label: result.symbol, value: result.value, look: "signed" } };
}

export const gradientSum = (label, value) => ({ label, value, look: "gradient", colour: "backward" });

export const ADDITION = "A sum hands its gradient on unchanged, to what was kept and to what was written.";
export const PRODUCT = "A product gives each factor the gradient times the other.";
