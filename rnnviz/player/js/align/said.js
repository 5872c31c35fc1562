// The same in words, for those who do not see the picture, and under it for all.

import { percent } from "../core/numbers.js";
import { fill } from "../transport/bar.js";
import { isWrong } from "./board.js";
import { saidAt, spoken } from "./moments.js";

const visible = letter => (letter === " " ? "␣" : letter);

/** What is said of the row under the pointer, or of where it stands. */
export function sentence({ data, at, over }) {
  const { words } = data, [line] = data.lines;
  if (at <= data.reads) return at > 0 && data.view !== "board" ? words.reading || "" : "";
  if (data.view !== "matrix") return "";
  const u = over && over.row !== null && saidAt(data, over.row, at) === 1 ? over.row : spoken(data, at) - 1;
  if (u < 0 || u >= line.said.length) return "";
  const facts = { letter: visible(line.said[u]), p: percent(line.p[u]) };
  if (!line.weights) return fill(words.says, facts);
  const T = line.source.length, row = Array.from({ length: T }, (_, t) => line.weights[u * T + t]);
  const best = row.indexOf(Math.max(...row));
  return fill(words.looks, { ...facts, at: line.source[best], place: best + 1, weight: percent(row[best]) });
}

/** Where it stands, for the row of controls. */
export const where = ({ data, at }) => fill(data.words.step, { step: Math.floor(at + 1e-6), steps: data.steps });

/** All that is said so far, as text. */
export function spelled({ data, at }) {
  const done = spoken(data, at);
  if (data.view === "beams") {
    const now = data.beams[Math.min(done, data.beams.length) - 1] || [];
    return now.map(one => fill(data.words.beam, { text: one.text.join(""), p: percent(one.p) })).join(" ");
  }
  return data.lines.map(line => {
    const said = line.said.slice(0, done).join(""), over = done >= line.said.length && line.truth;
    const verdict = over ? (isWrong(line) ? data.words.wrong : data.words.right) : "";
    return `${line.name} ${line.source.join("")}: ${said} ${verdict || ""}`.trim();
  }).join(". ");
}
