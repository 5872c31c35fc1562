// What is said of the race: one sentence above the picture, and all numbers as a table for those who do not see it.

import { alike, leftOf, powerText, standing } from "./numbers.js";
import { at } from "./moments.js";
import { fill } from "../transport/bar.js";

const STANDS = ["vanished", "exploding", "overflowed", "there"];
const full = ({ name, note }) => [name, note].filter(Boolean).join(", ");

/** The sentence of a moment. */
export function sentence({ data, seed, at: moment, words }) {
  const now = at(moment, data.T);
  const { T, seeds } = data;
  if (now.phase === "start") return words.say_start;
  if (now.phase === "forward") return fill(words.say_forward, { step: Math.max(1, Math.round(now.front)) });
  if (now.phase === "loss") return words.say_loss;
  if (now.phase === "backward") {
    const step = Math.max(1, Math.round(now.pulse));
    const found = data.lanes.map((_, lane) => standing(leftOf(data, seed, lane), step));
    const counts = STANDS.map(kind => ({ kind, count: found.filter(one => one === kind).length }));
    const lanes = counts.filter(({ count }) => count).map(({ kind, count }) => fill(words[kind], { count }));
    return fill(words.say_backward, { step, lanes: lanes.join(", ") });
  }
  if (now.phase === "arrived") return fill(words.say_arrived, { seeds: seeds.length });
  if (now.phase === "seeds") return fill(words.say_seeds, { seeds: seeds.length, steps: T });
  const first = data.order.filter(lane => data.rank[lane] === 1);
  if (!first.length) return fill(words.say_none, { seeds: seeds.length });
  if (alike(data)) return fill(words.say_alike, { seeds: seeds.length });
  const lane = first.map(one => full(data.lanes[one])).join("; ");
  return fill(words.say_ranked, { lane, seeds: seeds.length });
}

/** Where it stands: "→ step 12", "← step 12". */
export function where({ data, at: moment, words }) {
  const now = at(moment, data.T);
  const forward = moment <= data.T;
  const step = Math.max(1, Math.round(forward ? now.front : now.pulse));
  return `${forward ? "→" : "←"} ${fill(words.step, { step })}`;
}

/** A table's rows: nothing that has not been shown. */
function rows({ data, seed, at: moment, words }) {
  const now = at(moment, data.T);
  const places = now.ranked < 1 ? data.lanes.map((_, lane) => lane) : data.order;
  return places.map(lane => {
    const left = leftOf(data, seed, lane);
    const back = moment >= data.T + 1;
    const cells = { id: data.lanes[lane].id, name: full(data.lanes[lane]), norm: "" };
    Object.assign(cells, { median: "", nearest: "", rank: "" });
    if (back) cells.norm = powerText(left[Math.max(1, Math.round(now.pulse)) - 1]);
    if (now.seeds >= 1) cells.median = powerText(data.median[3 * lane + 1]);
    if (now.ranked < 1) return cells;
    return { ...cells, nearest: fill(words.of_seeds, { count: data.nearest[lane], seeds: data.seeds.length }),
      rank: data.rank[lane] === null ? "–" : String(data.rank[lane]) };
  });
}

/** @param {HTMLElement} host */
export function createTable(host) {
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  return state => {
    const { words, data } = state;
    const step = Math.max(1, Math.round(at(state.at, data.T).pulse));
    const caption = make("caption", `${words.table} ${data.seeds[state.seed] ?? data.seed}`);
    const head = document.createElement("tr");
    const heads = [words.lane, fill(words.step, { step }), words.median, words.nearest_short, words.rank];
    head.append(...heads.map(text => make("th", text)));
    const body = rows(state).map(({ id, ...cells }) => {
      const row = document.createElement("tr");
      row.dataset.lane = id;
      for (const [name, text] of Object.entries(cells)) {
        const cell = make(name === "name" ? "th" : "td", text);
        cell.dataset.of = name;
        row.append(cell);
      }
      return row;
    });
    const table = document.createElement("table");
    table.append(caption, head, ...body);
    host.replaceChildren(table);
  };
}
