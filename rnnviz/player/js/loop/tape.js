// The tape at the bottom: what each step reads, as the world knows it and as the number that the network gets.

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} scene data, words, now (the step under way), days (how many are shown), marked, opacity
 */
export function drawTape(pen, view, { data, words, now, days, marked = [], opacity }) {
  if (opacity <= 0.004) return;
  for (let i = 0; i < Math.min(days, view.count); i++) {
    const special = marked.includes(i);
    const here = i === now;
    const half = (view.pitch - (view.narrow ? 3 : view.big ? 5 : 12)) / 2;
    const day = pen.draw("over", `tape${i}`, "g", {
      opacity,
      role: "button",
      tabindex: 0,
      class: "day",
      "data-day": i,
      "data-part": here ? "x" : null,
      "aria-label": words.days ? words.days[i] : `${data.labels[i]}, ${data.tokens[i]}, x = ${data.printed.x[i]}`,
    });
    if (!day) return;
    pen.draw(day, `tape${i}.plate`, "rect", {
      x: view.slot(i) - half,
      y: view.tape,
      width: 2 * half,
      height: view.tapeHeight,
      rx: 10,
      class: `plate${here ? " here" : ""}${special ? " special" : ""}`,
    });
    const line = (name, dy, text, style) =>
      pen.text(day, `tape${i}.${name}`, view.slot(i), view.tape + dy, text, {
        style: `${style} still`,
        anchor: "middle",
        size: view.small,
      });
    const { narrow } = view;
    const tall = view.tapeHeight / 70;
    line("label", narrow ? 17 : 22 * tall, narrow ? data.short_labels[i] : data.labels[i], "muted");
    pen.text(
      day,
      `tape${i}.token`,
      view.slot(i),
      view.tape + (narrow ? 34 : 43 * tall),
      narrow ? data.short_tokens[i] : data.tokens[i],
      {
        style: "strong still",
        anchor: "middle",
        size: narrow ? view.small : view.size,
      },
    );
    line("x", narrow ? 50 : 62 * tall, narrow ? data.printed.x[i] : `x = ${data.printed.x[i]}`, "");
  }
}
