// One sentence: its words in the order of reading, under each what is said there, and the needle of the score.

import { fill } from "../transport/bar.js";
import { cursors, knownAt, markAt, readAt, scoreAt } from "./moments.js";

export const percent = p => `${Math.round(100 * p)}%`;

const make = (tag, style, text = "") =>
  Object.assign(document.createElement(tag), { className: style, textContent: text });

function wordOf(line, t, words) {
  const cell = make("span", "word"), token = make("b", line.unknown[t] ? "token unknown" : "token", line.tokens[t]);
  if (line.unknown[t]) token.title = words.unknown || "";
  cell.append(token);
  if (line.scores) cell.append(make("i", line.scores[t] >= 0.5 ? "score up" : "score down"));
  if (line.tags) cell.append(make("em", "tag", line.tags[t] || "\u00a0"));
  if (line.tags?.[t]) cell.dataset.tag = line.tags[t];
  if (line.right && !line.right[t]) {
    cell.classList.add("wrong");
    cell.lastElementChild?.setAttribute("title", words.wrong || "");
  }
  return cell;
}

function meterOf(words) {
  const meter = make("div", "meter"), scale = make("div", "scale"), needle = make("i", "needle");
  const said = make("b", "said");
  scale.append(needle);
  meter.append(make("span", "end", words.low || ""), scale, make("span", "end", words.high || ""), said);
  return { meter, needle, said };
}

/** @param {any} line @param {Record<string, string>} words */
export function createLine(line, words) {
  const root = make("div", "line"), list = make("div", "tokens");
  const cells = line.tokens.map((_, t) => wordOf(line, t, words));
  const gauge = line.scores ? meterOf(words) : null;
  root.dataset.line = line.id;
  if (line.name) root.append(make("div", "name", line.name));
  if (gauge) root.append(gauge.meter);
  list.append(...cells);
  root.append(list);

  return {
    root,
    /** @param {number} at @param {number} longest */
    update(at, longest) {
      const now = cursors(line, at);
      cells.forEach((cell, t) => {
        const known = knownAt(line, t, at), mark = markAt(line, t, at, longest);
        cell.classList.toggle("read", readAt(line, t, at));
        cell.classList.toggle("current", now.includes(t));
        cell.classList.toggle("known", known >= 0.999);
        cell.style.setProperty("--known", known.toFixed(3));
        if (line.scores) cell.style.setProperty("--score", (known * Math.abs(2 * line.scores[t] - 1)).toFixed(3));
        if (!line.marks) return;
        const share = mark * line.marks[t];
        cell.style.setProperty("--mark", Math.abs(share).toFixed(3));
        cell.dataset.mark = Math.abs(share) < 0.15 ? "" : share > 0 ? "up" : "down";
        cell.classList.toggle("lowers", share < 0);
      });
      if (!gauge) return;
      const p = scoreAt(line, at), text = fill(words.score, { p: percent(p) });
      gauge.needle.style.left = `${(100 * p).toFixed(2)}%`;
      gauge.meter.classList.toggle("above", p >= 0.5);
      if (gauge.said.textContent !== text) gauge.said.textContent = text;
    },
  };
}
