// The room there is. A story's stage is as high as its host is by itself, or as wide screens and phones have it.

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

const HEADER = 64; // pixels at the top of a window that a page's own header may cover

/** Where the first of these elements is in view but the last one is cut off, and both fit: bring all into view. */
export function showWhole(first, last, calm) {
  const { top } = first.getBoundingClientRect(), { bottom } = last.getBoundingClientRect();
  if (top < 0 || top > innerHeight || bottom <= innerHeight || bottom - top > innerHeight - HEADER) return;
  first.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
