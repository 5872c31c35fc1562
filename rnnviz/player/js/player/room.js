// How high a story's stage may be: as its host is by itself, or as wide screens and phones have it.

const LEAST = 240, WIDE = 600, HIGH = { wide: 640, narrow: 420 };

/** The height in pixels that the element around `root` has without it; where it has none of its own, a usual one. */
export function roomOf(root) {
  const host = root.parentElement ?? root.getRootNode().host, shown = root.style.display;
  root.style.display = "none";
  const high = host ? host.clientHeight : 0;
  root.style.display = shown;
  if (high >= LEAST) return high;
  return root.clientWidth >= WIDE ? HIGH.wide : HIGH.narrow;
}
