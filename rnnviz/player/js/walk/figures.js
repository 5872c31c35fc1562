// Numbers that come as logarithms, as text: a gradient may be smaller than any number that JavaScript has.

import { number, superscript } from "../core/numbers.js";

/** 10^log with three significant digits; "0" where nothing is left. */
export function power(log, digits = 3) {
  if (log === -Infinity) return "0";
  if (Number.isNaN(log)) return "NaN";
  if (Math.abs(log) < 300) return number(Number((10 ** log).toPrecision(12)), digits); // 1 is 1, whatever was rounded
  const exponent = Math.floor(log);
  return `${(10 ** (log - exponent)).toFixed(digits - 1)}×10${superscript(exponent)}`;
}

/** A power of ten as it stands on an axis: 1, 10, 10⁻². */
export const ten = exponent => (exponent === 0 ? "1" : exponent === 1 ? "10" : `10${superscript(exponent)}`);

/** "at step {step}" with the numbers in their places. */
export const fill = (words, values) => (words ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
