// Where things stand, in CSS pixels: the signal above, a row for each class below, both over the same time.

const NARROW = 560, LEAST = 13, MOST = 34, STRIP = 44;

/**
 * @param {{width: number, height: number, large: boolean}} room
 * @param {{labels: string[], picture: any, mattered: number[] | null}} data
 */
export function layout({ width, height, large }, data) {
  const narrow = width < NARROW, text = large ? 18 : narrow ? 14 : 15;
  const longest = Math.max(...[...data.labels, ...(data.picture.rows ?? [])].map(one => one.length));
  const left = Math.min(longest * text * 0.56 + 24, width * 0.3), side = narrow ? 76 : Math.min(130, width * 0.2);
  const title = text + (narrow ? 4 : 9), axis = narrow ? 20 : 26, C = data.labels.length;
  const peak = Math.min(STRIP, height * 0.08), strip = data.mattered ? peak + title : 0;
  const free = height - 2 * title - strip - axis;
  const most = large ? MOST * 1.2 : MOST, row = Math.max(LEAST, Math.min(most, (free * 0.62) / C, (free - 46) / C));
  const high = Math.max(24, free - row * C - 4);
  const wide = width - left - side - 10, top = title, below = top + high, rows = below + strip + title + 2;
  return {
    width, height, narrow, text, left, wide, top, high, below, strip: strip ? peak : 0, title, rows, row,
    bars: left + wide + 10, side, axis: rows + row * C,
    x: t => left + (wide * t) / data.picture.T,
    y: c => rows + c * row,
  };
}
