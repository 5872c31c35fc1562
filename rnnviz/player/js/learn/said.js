// What is said of it: where it stands, what has happened, and all numbers as a table for those who do not see them.

import { number } from "../core/numbers.js";
import { fill } from "../transport/bar.js";
import { lastFrame, more, seen } from "./run.js";

const LONG = 64; // numbers of an array that are read out

/** The update that is shown. */
export const updateOf = ({ at, stage }) => Math.floor(at + 1e-6) * stage.every;

/** What became of a lane, as far as it has been shown. */
export function fate(state, lane) {
  const ended = state.stage.ended[lane.id];
  const shown = ended && ended.why === "diverged" && state.at >= seen(state) - 1 - 1e-6;
  return shown || (ended?.why === "diverged" && ended.update <= updateOf(state)) ? ended : null;
}

/** The message: what has just happened that one has to know; most of the time, nothing. */
export function message(state) {
  const { stage, words } = state;
  if (state.seek !== null) return words.training;
  const [only] = stage.lanes;
  const lost = stage.lanes.length === 1 && fate(state, only);
  if (lost) return fill(words.diverged_one, { update: lost.update });
  return "";
}

/** That the last update is there, for those who do not see the count and the bar. */
export const finished = state =>
  !more(state) && state.at >= lastFrame(state.stage) ? fill(state.words.finished, { limit: state.stage.limit }) : "";

/** The lanes as their chips say them. */
export const chips = state =>
  state.stage.lanes.map(lane => {
    const lost = fate(state, lane);
    const forked = lane.fork ? fill(state.words.forked, { update: lane.fork.at }) : "";
    return { ...lane, fate: lost ? fill(state.words.diverged, { update: lost.update }) : forked };
  });

/** What is seen of a name: the title of the panel that shows it, and what it is called there. */
function titleOf({ panels }, name) {
  const panel = panels.flat().find(({ of }) => of.includes(name));
  const called = panel?.names?.[panel.of.indexOf(name)];
  return panel ? [panel.title, called].filter(Boolean).join(": ") : name;
}

/** @param {HTMLElement} host */
export function createTable(host) {
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  return state => {
    const { stage, words, records } = state;
    const frame = Math.floor(state.at + 1e-6);
    const names = records.names();
    const head = document.createElement("tr");
    head.append(make("th", words.lane), ...names.map(name => make("th", titleOf(stage, name))));
    const rows = stage.lanes.map((lane, index) => {
      const row = document.createElement("tr");
      row.dataset.lane = lane.id;
      row.append(make("th", lane.label));
      for (const name of names) row.append(cell(records, name, index, frame, make));
      return row;
    });
    const table = document.createElement("table");
    table.append(make("caption", fill(words.table, { update: updateOf(state) })), head, ...rows);
    host.replaceChildren(table);
  };
}

/** One number, or all of a small array; `data-value` holds every bit of it. */
function cell(records, name, lane, frame, make) {
  const size = records.size(name);
  const values = Array.from({ length: size }, (_, k) => records.at(name, lane, frame, k));
  const known = values.filter(value => !Number.isNaN(value));
  const made = make("td", size > LONG ? "" : known.map(value => number(value)).join(" "));
  made.dataset.of = name;
  made.dataset.value = size > LONG ? "" : values.join(" ");
  return made;
}
