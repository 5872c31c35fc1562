// Numbers as text: significant digits, a true minus sign, no exponent where that stays short. As figures/numbers.py.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
export const superscript = n => [...String(n)].map(digit => SUPERSCRIPT[digit]).join("");

/** A share: what is nearly none or nearly all does not read as none or all. */
export const percent = p => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);

const MOST = 7; // as many as a payload's numbers have

// What is less than 1 does not read as 1: it gets more digits, up to MOST.
export function number(value, digits = 3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  if (size < 1 && Number(exponent) === 0 && digits < MOST) return number(value, digits + 1);
  if (size >= 1e-4 && size < 1e6) return sign + size.toFixed(Math.max(digits - 1 - Number(exponent), 0));
  return `${sign}${mantissa}×10${superscript(Number(exponent))}`;
}
