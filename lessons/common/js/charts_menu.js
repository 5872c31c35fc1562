// A chart's menu: its picture and its data, to take away.

import { backgroundOf } from "./charts_view.js";

const WORDS = { menu: "Save", png: "Picture (PNG)", svg: "Picture (SVG)", csv: "Data (CSV)" };

/**
 * The menu, for what `chart()` gives: {view, datasets, title, look}.
 * @param {() => any} chart
 * @param {Record<string, string>} words
 */
export function menu(chart, words = {}) {
  const say = { ...WORDS, ...words };
  const details = document.createElement("details"), summary = document.createElement("summary");
  const list = document.createElement("div");
  details.className = "save";
  summary.ariaLabel = summary.title = say.menu;
  summary.textContent = "⋯";
  const acts = { png: () => picture(chart(), "png"), svg: () => picture(chart(), "svg"), csv: () => table(chart()) };
  for (const [kind, act] of Object.entries(acts)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: say[kind] });
    button.addEventListener("click", () => {
      details.open = false;
      summary.focus();
      act();
    });
    list.append(button);
  }
  details.append(summary, list);
  details.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  details.addEventListener("focusout", event => {
    if (!details.contains(/** @type {Node | null} */ (event.relatedTarget))) details.open = false;
  });
  return details;
}

async function picture({ view, title, look }, kind) {
  const own = view.background();
  view.background(backgroundOf(look));
  try {
    download(await view.toImageURL(kind, kind === "png" ? 2 : 1), `${named(title)}.${kind}`);
  } finally {
    view.background(own);
  }
}

function table({ datasets, title, log }) {
  const url = URL.createObjectURL(new Blob([csv(datasets, log)], { type: "text/csv" }));
  download(url, `${named(title)}.csv`);
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The numbers of a chart: its datasets `read` or `cells`, which hold what it says of each place; else the longest. */
export function csv(datasets, log = []) {
  const read = Object.keys(datasets).filter(name => /(^|[ _])(read|cells)$/.test(name));
  const long = Object.keys(datasets).sort((a, b) => count(datasets[b]) - count(datasets[a])).slice(0, 1);
  return (read.length ? read : long).map(name => text(datasets, name, log)).join("\n");
}

const count = columns => Object.values(columns)[0]?.length ?? 0;

function text(datasets, name, log) {
  const columns = datasets[name], prefix = name.replace(/(read|cells)$/, ""), said = datasets[`${prefix}view`] ?? {};
  const logs = log.includes(prefix) ? "log10 " : "";
  const titles = { x: said.across?.[0], y: said.up?.[0], v: said.of && logs + said.of[0] };
  const series = column => /^y\d+$/.test(column) && logs + said[column.replace("y", "name")]?.[0];
  const title = column => titles[column] || series(column) || column;
  const row = i => Object.values(columns).map(one => cell(one[i])).join(",");
  const lines = Array.from({ length: count(columns) }, (_, i) => row(i));
  return [Object.keys(columns).map(column => cell(title(column))).join(","), ...lines, ""].join("\n");
}

function cell(value) {
  if (value === null || value === undefined) return "";
  const said = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
}

const plain = title => title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase();
const named = title => plain(title).slice(0, 60) || "chart";

function download(href, name) {
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
}
