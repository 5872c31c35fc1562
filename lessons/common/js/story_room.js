// The room for a beat's words: where there is less of it than words, a mark shows that there are more below.

const NEAR = 12; // pixels that count as nothing
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Watch the column of words; `told()` brings the answer into view, within this column.
 * @param {any} part  of the story: {words, more, task}
 */
export function roomFor({ words, more, task }) {
  const mark = () => {
    more.classList.toggle("there", words.scrollHeight - words.clientHeight - words.scrollTop > NEAR);
  };
  const to = top => words.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
  const watch = new ResizeObserver(mark);
  for (const one of [words, ...words.children]) watch.observe(one);
  words.addEventListener("scroll", mark, { passive: true });
  more.onclick = () => to(words.scrollTop + 0.8 * words.clientHeight);
  return {
    told() {
      const answer = task.querySelector(".answer");
      if (!answer || words.scrollHeight <= words.clientHeight) return;
      const at = answer.getBoundingClientRect(), room = words.getBoundingClientRect();
      // all of it, but never past its first line
      const down = Math.min(at.bottom - room.bottom + NEAR, at.top - room.top);
      if (down > 0) to(words.scrollTop + down);
    },
    stop: () => watch.disconnect(),
  };
}
