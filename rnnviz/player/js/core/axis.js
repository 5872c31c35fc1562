// The time axis: one column per step, all as wide as there is room; where there is little, a lens: the current column
// and its neighbours stay wide and the others give way. Every row of the stage lies on these columns.

// T columns from `left`, `width` pixels in all, looked at around `position` (a step, or between two); the current
// column is at least `focus` wide. -> {edges (T+1), mid(t), wide(t), at(x)}
export function columns(T, left, width, position, focus) {
  const near = t => {
    const d = Math.abs(t - position);
    return Math.max(0, 1 - d) + 0.25 * Math.max(0, 1 - Math.abs(d - 1));
  };
  let base = width / T, gain = 0;
  if (base < focus && T > 2) {
    let weight = 0;
    const last = Math.min(T - 1, Math.ceil(position) + 2);
    for (let t = Math.max(0, Math.floor(position) - 2); t <= last; t++) weight += near(t);
    base = Math.max(0.2, (width - focus * weight) / (T - weight));
    gain = focus / base - 1;
  }
  const edges = new Float64Array(T + 1);
  edges[0] = left;
  for (let t = 0; t < T; t++) edges[t + 1] = edges[t] + base * (1 + gain * near(t));
  const scale = width / (edges[T] - left);
  for (let t = 1; t <= T; t++) edges[t] = left + (edges[t] - left) * scale;
  return {
    edges,
    mid: t => (edges[t] + edges[t + 1]) / 2,
    wide: t => edges[t + 1] - edges[t],
    at: x => { let t = 0; while (t < T - 1 && x >= edges[t + 1]) t++; return t; },
  };
}

// Units as rows: all as high as there is room, the selected one at least `focus` high. -> edges (H+1), from `top`
export function rows(H, top, height, selected, focus) {
  const each = height / H, wanted = Math.min(Math.max(each, focus), height);
  const others = H > 1 ? (height - wanted) / (H - 1) : 0;
  const edges = new Float64Array(H + 1);
  edges[0] = top;
  for (let j = 0; j < H; j++) edges[j + 1] = edges[j] + (j === selected ? wanted : others);
  return edges;
}
