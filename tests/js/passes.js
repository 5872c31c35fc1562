// Recorded passes of the engine (passes.py), opened: `passes` by name, each {model, engine}.

import { readFileSync } from "node:fs";
import { decode } from "../../rnnviz/player/js/core/model.js";

const file = process.env.RNNVIZ_PASSES;
if (!file) throw new Error("tests/node.py runs these tests: it records the passes that they need");

/** @type {Record<string, {model: any, engine: any}>} */
export const passes = Object.fromEntries(Object.entries(JSON.parse(readFileSync(file, "utf8"))).map(([name, engine]) =>
  [name, { model: decode(Uint8Array.from(Buffer.from(engine.payload, "base64"))), engine }]));

/** Every level of a pass, with what the engine computed there. */
export function* levels({ model, engine }) {
  for (let l = 0; l < model.L; l++) for (let d = 0; d < model.D; d++) yield [model.level(l, d), engine.levels[l][d]];
}

/** Every step and unit. */
export function* steps({ T, H }) {
  for (let t = 0; t < T; t++) for (let j = 0; j < H; j++) yield [t, j];
}

/** Whether two numbers agree in six digits. */
export const near = (one, other, tolerance = 1e-6) =>
  Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
