// A stage as it is drawn: its numbers unpacked; and temperatures as the reader has set them.

function floats(text) {
  const bytes = Uint8Array.from(atob(text), one => one.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** A stage (writing.py) with `logits(n)` of a draw, and the shades as numbers. */
export function opened(stage) {
  const all = floats(stage.logits), Q = stage.symbols.length;
  return {
    ...stage,
    count: stage.text.length - stage.prompt,
    logits: n => all.subarray(n * Q, (n + 1) * Q),
    shades: stage.shades && { ...stage.shades, values: floats(stage.shades.values) },
  };
}

/** Temperatures as runs [from, value], where the one at place n, and all that follow, became `value`. */
export function runs(temperatures, n, value) {
  const found = [];
  for (const [k, one] of [...temperatures.slice(0, n), value].entries())
    if (!found.length || found.at(-1)[1] !== one) found.push([k, one]);
  return found;
}
