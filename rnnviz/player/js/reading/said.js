// The same in words: where it stands, what a state can know, and a table of all states for those who do not see them.

import { fill } from "../transport/bar.js";
import { countOf, knownTo, readBy } from "./moments.js";

/** What is said of the state under the pointer, or of where the reading stands. */
export function sentence({ data, at, over }) {
  const { words, rows, letters } = data, T = letters.length;
  if (over && over.row !== null && over.row !== undefined) return ofState(data, over);
  if (data.changed) return "";
  const lines = rows.filter(row => !row.reads.length).map(row => {
    const count = readBy(row, at), text = letters.join("");
    if (!count || count === T) return "";
    const part = row.way > 0 ? text.slice(0, count) : text.slice(T - count);
    return fill(row.way > 0 ? words.knows_left : words.knows_right, { read: part });
  });
  return lines.filter(Boolean).join(" ");
}

function ofState(data, { row, t }) {
  const { words, rows, letters } = data, known = knownTo(data, row, t);
  if (!known) return words.knows_none || "";
  if (rows[row].differs) return rows[row].differs[t] > 0 ? words.differs || "" : words.same || "";
  return fill(words.knows_all, { read: letters.slice(known[0], known[1] + 1).join("") });
}

/** Where it stands, for the row of controls. */
export const where = ({ data, at }) => fill(data.words.step, { step: Math.floor(at + 1e-6), steps: data.steps });

/** The rows as a table; what has not been read yet is empty. @param {HTMLElement} host */
export function createTable(host) {
  return ({ data, at }) => {
    const T = data.letters.length, cells = (tag, said) => said.map(one => `<${tag}>${one}</${tag}>`).join("");
    const rows = data.rows.map(row => `<tr><th>${row.name}</th>${cells("td", data.letters.map((_, t) => {
      if (readBy(row, at) <= countOf(row, T, t)) return "";
      return row.differs ? (row.differs[t] > 0 ? data.words.differs : data.words.same) : data.words.reads;
    }))}</tr>`);
    const letters = data.letters.map((one, t) => (t === data.gap ? data.words.gap : one));
    host.innerHTML = `<table><caption>${data.words.table || ""}</caption><tr><th></th>${cells("th", letters)}</tr>`
      + `${rows.join("")}</table>`;
  };
}
