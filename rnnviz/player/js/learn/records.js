// What is known of a run: columns of numbers, frame by frame and lane by lane, which grow as records arrive.

/** @typedef {ReturnType<typeof createRecords>} Records */

const READERS = { f8: Float64Array, f4: Float32Array };

/** What was sent of one name: (frames, lanes, size), flat. */
export function opened({ type, data }) {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  return new READERS[type](bytes.buffer);
}

/** Whether two stages were sent the same records, to the last bit. */
export function alike(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every(name => one[name].data === other[name]?.data);
}

/** @param {number} lanes how many */
export function createRecords(lanes) {
  const columns = new Map(); // name: {size, values}
  let frames = 0;

  /** The column of a name with room for so many frames, all of it NaN at first. */
  function column(name, size, needed) {
    const had = columns.get(name);
    const wide = Math.max(size, had?.size ?? 0);
    if (had && had.size === wide && had.values.length >= needed * lanes * wide) return had;
    const made = { size: wide, values: new Float64Array(2 * needed * lanes * wide).fill(NaN) };
    for (let one = 0; had && one < frames * lanes; one += 1)
      for (let k = 0; k < had.size; k += 1) made.values[one * wide + k] = had.values[one * had.size + k];
    columns.set(name, made);
    return made;
  }
  /** Points keep their names: each goes to the nearest of what was there before. */
  function pair(name, frame) {
    const { size, values } = columns.get(name);
    for (let lane = 0; lane < lanes; lane += 1) {
      const start = (frame * lanes + lane) * size;
      const before = values.subarray(start - lanes * size, start - lanes * size + size);
      values.set(paired(before, values.slice(start, start + size)), start);
    }
  }
  const records = {
    get frames() { return frames; },
    lanes,
    size: name => columns.get(name)?.size ?? 0,
    names: () => [...columns.keys()],
    /**
     * Take over what was sent, and give whether nothing is missing before it; `points` are pairs of coordinates.
     * @param {{from: number, frames: number, records: Record<string, any>}} sent
     * @param {string[]} points
     */
    add({ from, frames: count, records: given }, points = []) {
      if (from > frames) return false;
      const skip = frames - from;
      if (count <= skip) return true;
      const before = frames;
      for (const [name, one] of Object.entries(given)) {
        const known = column(name, one.size, from + count);
        const values = opened(one);
        for (let n = skip * lanes; n < count * lanes; n += 1)
          for (let k = 0; k < one.size; k += 1)
            known.values[(from * lanes + n) * known.size + k] = values[n * one.size + k];
      }
      frames = from + count;
      for (const name of columns.keys()) column(name, 0, frames);
      for (const name of points) {
        if (!columns.has(name)) continue;
        for (let frame = Math.max(1, before); frame < frames; frame += 1) pair(name, frame);
      }
      return true;
    },
    /** One number of a frame; NaN where there is none. */
    at(name, lane, frame, k = 0) {
      const known = columns.get(name);
      if (!known || frame < 0 || frame >= frames || k >= known.size) return NaN;
      return known.values[(frame * lanes + lane) * known.size + k];
    },
    /** The same between two frames, evenly. */
    between(name, lane, at, k = 0) {
      const low = Math.floor(at);
      const from = records.at(name, lane, low, k);
      const share = at - low;
      if (share <= 0) return from;
      const to = records.at(name, lane, low + 1, k);
      return Number.isFinite(to - from) ? from + (to - from) * share : from;
    },
  };
  return records;
}

/**
 * Points (x, y, x, y, ...) in the order of those before them: nearest pairs first.
 * @param {ArrayLike<number>} before
 * @param {Float64Array} now
 */
export function paired(before, now) {
  const count = now.length / 2;
  if (Number.isNaN(before[0]) || Number.isNaN(now[0]) || count < 2) return now;
  const far = [];
  for (let i = 0; i < count; i += 1)
    for (let j = 0; j < count; j += 1) {
      const [dx, dy] = [now[2 * j] - before[2 * i], now[2 * j + 1] - before[2 * i + 1]];
      far.push([dx * dx + dy * dy, i, j]);
    }
  far.sort((a, b) => a[0] - b[0]);
  const found = new Float64Array(now.length).fill(NaN);
  const used = new Set();
  for (const [, i, j] of far) {
    if (!Number.isNaN(found[2 * i]) || used.has(j)) continue;
    used.add(j);
    found[2 * i] = now[2 * j];
    found[2 * i + 1] = now[2 * j + 1];
  }
  return found;
}
