// One Vega view: made once for a spec and a look; afterwards only the datasets that changed are put into it.

import { configOf, paletteOf } from "./charts_look.js";

const LOWEST = 120; // pixels between the axes of a chart that has little room
const ROOM = 8; // pixels below a chart that fills its place
const compiled = new Map(); // of Vega-Lite specs, by spec and look
const quiet = { level: () => quiet, error: console.error, warn: () => quiet, info: () => quiet, debug: () => quiet };
let coming = null;

/** Vega, when a chart is first needed. */
export const vega = () => (coming ??= import("./vendor/vega.js"));

let line = Promise.resolve();

/** New views are made one after the other, so that the first can be seen before the last is made. */
function inTurn(make) {
  line = line.catch(() => {}).then(() => new Promise(then => { setTimeout(then); })).then(make);
  return line;
}

/** Columns as rows. */
export function rows(columns) {
  const names = Object.keys(columns), count = columns[names[0]]?.length ?? 0;
  return Array.from({ length: count }, (_, i) => Object.fromEntries(names.map(name => [name, columns[name][i]])));
}

function compile({ compile: lite }, id, spec, look) {
  const key = `${id} ${look}`;
  if (!compiled.has(key)) {
    const made = lite({ ...spec, background: null }, { config: configOf(look), logger: quiet }).spec;
    compiled.set(key, JSON.stringify(made));
  }
  return JSON.parse(compiled.get(key));
}

/** The compiled spec with its data; datasets that only expressions read are there, too. */
function filled(made, datasets) {
  const data = made.data ?? [];
  const missing = Object.keys(datasets).filter(name => !data.some(one => one.name === name));
  for (const one of data) if (datasets[one.name]) one.values = rows(datasets[one.name]);
  return { ...made, data: [...missing.map(name => ({ name, values: rows(datasets[name]) })), ...data] };
}

/**
 * A chart in `container`.
 * @param {HTMLElement} container
 * @param {{id: string, spec: object, look: string, datasets: object, tooltip: Function}} given
 */
export async function open(container, given) {
  const library = await vega();
  return inTurn(() => make(library, container, given));
}

async function make(library, container, { id, spec, look, datasets, tooltip }) {
  const made = filled(compile(library, id, spec, look), datasets);
  const view = new library.View(library.parse(made, {}, { ast: true }), {
    renderer: "canvas", expr: library.expressionInterpreter, container, hover: true, logLevel: 1, tooltip,
  });
  const shown = Object.fromEntries(Object.entries(datasets).map(([name, columns]) => [name, JSON.stringify(columns)]));
  const names = new Set(made.data.map(one => one.name));
  // of charts below each other the width of all stands alone
  const inside = made.signals?.find(one => /^(childWidth|concat_0_width)$/.test(one.name))?.name;
  const wide = inside ?? (spec.vconcat ? "width" : undefined);
  if (wide) view.signal(wide, Math.max(80, container.clientWidth - (spec.usermeta?.aside ?? 60)));
  await view.runAsync();
  const signals = new Set((made.signals ?? []).map(one => one.name));
  const has = name => names.has(name), close = () => view.finalize();
  const chart = { view, names, signals, has, put, fit, lower, close, wide: 0 };
  await fit(container.clientWidth);
  return chart;

  /** Put datasets into the view where they differ from what was put last; whether any did. */
  async function put(fresh) {
    const changed = Object.entries(fresh).filter(([name, columns]) => {
      const text = JSON.stringify(columns);
      if (!names.has(name) || shown[name] === text) return false;
      shown[name] = text;
      return true;
    });
    for (const [name, columns] of changed) view.data(name, rows(columns));
    if (changed.length) await view.runAsync();
    return changed.length > 0;
  }

  /**
   * Lower by so many pixels, where nothing in it counts on its height; higher again where these are less than none,
   * as high as it was made, or, where it stands alone, as its place is.
   */
  async function lower(by, alone) {
    if (!spec.usermeta?.lower) return;
    const high = Math.min(alone ? Infinity : spec.height, Math.max(LOWEST, view.height() - by - (alone ? ROOM : 0)));
    if (Math.abs(high - view.height()) >= 1) await view.height(high).resize().runAsync();
  }

  /** As wide as its place: what stands around the axes keeps its size. */
  async function fit(width) {
    if (!width || Math.abs(width - chart.wide) < 1) return;
    chart.wide = width;
    if (!wide) {
      const same = spec.width !== "container" || Math.abs(view.signal("width") - width) < 1;
      if (!same) await view.signal("width", width).resize().runAsync();
      return;
    }
    for (let again = 0; again < 2; again++) { // the first time some texts may break otherwise
      const over = (container.querySelector("canvas")?.clientWidth ?? width) - width;
      if (Math.abs(over) < 1) break;
      await view.signal(wide, Math.max(80, view.signal(wide) - over)).resize().runAsync();
    }
  }
}

/** The background of a look, for pictures that leave the page. */
export const backgroundOf = look => configOf(look).background ?? paletteOf(configOf(look)).background ?? "#fff";
