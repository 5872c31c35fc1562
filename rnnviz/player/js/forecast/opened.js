// A stage opened: its arrays as functions, and what is shown of it at a place between two frames.

/** @typedef {ReturnType<typeof opened>} Opened */

/** What was sent of an array: its shape, and its numbers in one row. */
export function numbers({ shape, data }) {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  return { shape, values: new Float32Array(bytes.buffer) };
}

/** @param {any} stage as forecast.py makes it */
export function opened(stage) {
  const truth = numbers(stage.values).values;
  const frames = numbers(stage.frames);
  const errors = stage.errors && numbers(stage.errors);
  const line = stage.line && { ...stage.line, values: numbers(stage.line.values).values };
  const ways = stage.ways.map((way, w) => {
    const { shape: [, members, horizon], values } = numbers(stage.ahead[w]);
    const at = (origin, member, step) => values[(origin * members + member) * horizon + step];
    return { ...way, members, horizon, at };
  });
  const count = frames.shape[0];
  return {
    truth, ways, line, count,
    last: count - 1,
    horizon: errors ? errors.shape[2] : Math.max(0, ...ways.map(({ horizon }) => horizon)),
    frame: (k, column) => frames.values[4 * k + column],
    error: errors && ((k, way, step) => errors.values[(k * errors.shape[1] + way) * errors.shape[2] + step]),
  };
}

/** Where it stands at a place between two frames: from which origin, how far ahead, how far the line is moved. */
export function standing({ frame, last }, origins, at) {
  const low = Math.min(last, Math.floor(at + 1e-6));
  const high = Math.min(last, low + 1);
  const share = Math.min(1, Math.max(0, at - low));
  const between = column => frame(low, column) + (frame(high, column) - frame(low, column)) * share;
  const [from, to] = [frame(low, 0), frame(high, 0)];
  return {
    origin: origins[from] + (origins[to] - origins[from]) * share, // where the view has come to
    from: origins[from], // where the forecasts begin
    fold: from,
    ahead: between(1),
    seen: between(2), // of what came true
    moved: between(3),
    frame: low,
  };
}

/** A quantile of numbers that are in order, as NumPy has it. */
export function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** Between which quantiles the members of a way lie, step by step: [[low, high], ...]. */
export function bandOf(way, fold, [low, high]) {
  return Array.from({ length: way.horizon }, (_, step) => {
    const all = Array.from({ length: way.members }, (__, member) => way.at(fold, member, step)).sort((a, b) => a - b);
    return [quantile(all, low), quantile(all, high)];
  });
}

/** Points [time, value] of a forecast from (time, value) on, as far ahead as `ahead`, the last step in part. */
export function pathOf(from, value, next, horizon, ahead) {
  const points = [[from, value]];
  const most = Math.min(horizon, ahead);
  for (let step = 0; step < Math.floor(most + 1e-6); step += 1) points.push([from + step + 1, next(step)]);
  const part = most - Math.floor(most + 1e-6);
  if (part > 1e-6) {
    const [time, before] = points.at(-1);
    points.push([time + part, before + (next(Math.floor(most + 1e-6)) - before) * part]);
  }
  return points;
}
