// Diagrams that say what is pointed at: `data-say` on a place, or a grid of equal cells, `.hits`, with
// `data-hits='{columns, rows, says, now, target}'`; `data-lights="a"` brings the elements of that class forward.
// `data-lit="3"` brings the line of that number forward in the charts that have others behind.
// What is said stands in the nearest `.said` of the diagram. Arrow keys walk a grid; Enter picks, as a click does.

/**
 * Listen below `root`; events of grids come as clicks on an element with data-target.
 * @param {HTMLElement} root
 * @param {(which: number) => void} light brings a line of the charts forward
 * @returns {() => void} to be called when its HTML has changed
 */
export function pointing(root, light) {
  const say = (place, words) => {
    const line = place.closest(".rnn")?.querySelector(".said");
    if (!line) return;
    line.rest ??= line.innerHTML;
    if (words === null) line.innerHTML = line.rest; else line.textContent = words;
  };
  const on = (type, selector, act) => root.addEventListener(type, event => {
    const place = event.target.closest?.(selector);
    if (place && root.contains(place)) act(place, event);
  });
  grids(root, on, say);
  for (const type of ["pointerover", "focusin"]) on(type, "[data-say]", place => say(place, place.dataset.say));
  for (const type of ["pointerout", "focusout"]) on(type, "[data-say]", place => say(place, null));
  for (const type of ["pointerover", "focusin", "pointerout", "focusout"]) {
    const lit = type === "pointerover" || type === "focusin";
    on(type, "[data-lights]", place => {
      for (const one of root.querySelectorAll(`.${place.dataset.lights}`)) one.classList.toggle("lit", lit);
    });
    on(type, "[data-lit]", place => light(lit ? Number(place.dataset.lit) : -1));
  }
  return () => { for (const hits of root.querySelectorAll(".hits")) settle(hits); };
}

const gridOf = hits => {
  if (hits.gridText !== hits.dataset.hits) {
    hits.gridText = hits.dataset.hits;
    hits.grid = JSON.parse(hits.gridText);
  }
  return hits.grid;
};

function mark(hits, cell) {
  const grid = gridOf(hits), shown = cell ?? grid.now ?? null, marker = hits.firstElementChild;
  if (!marker) return;
  marker.hidden = shown === null;
  if (shown === null) return;
  const across = 100 / grid.columns, down = 100 / grid.rows;
  marker.style.cssText = `left:${(shown % grid.columns) * across}%;width:${across}%;` +
    `top:${Math.floor(shown / grid.columns) * down}%;height:${down}%`;
}

const settle = hits => mark(hits, hits.cell ?? null);

function grids(root, on, say) {
  const point = (hits, cell) => {
    hits.cell = cell;
    mark(hits, cell);
    say(hits, cell === null ? null : gridOf(hits).says[cell]);
  };
  const under = (hits, event) => {
    const grid = gridOf(hits), box = hits.getBoundingClientRect();
    const part = (at, start, size, count) => Math.min(count - 1, Math.max(0, Math.floor((at - start) / size * count)));
    const row = part(event.clientY, box.top, box.height, grid.rows);
    return row * grid.columns + part(event.clientX, box.left, box.width, grid.columns);
  };
  const take = hits => {
    const grid = gridOf(hits);
    if (!grid.target || hits.cell === null || hits.cell === undefined) return;
    const button = Object.assign(document.createElement("button"), { hidden: true });
    button.dataset.target = grid.target;
    button.dataset.value = JSON.stringify(grid.values ? grid.values[hits.cell] : hits.cell);
    hits.append(button);
    button.click();
    button.remove();
  };
  on("pointermove", ".hits", (hits, event) => point(hits, under(hits, event)));
  on("pointerdown", ".hits", (hits, event) => point(hits, under(hits, event)));
  on("pointerout", ".hits", (hits, event) => { if (event.pointerType === "mouse") point(hits, null); });
  on("click", ".hits", (hits, event) => { if (event.isTrusted || !event.target.dataset.target) take(hits); });
  on("focusout", ".hits", hits => point(hits, null));
  on("keydown", ".hits", (hits, event) => {
    const grid = gridOf(hits), size = grid.columns * grid.rows, from = hits.cell ?? grid.now ?? 0;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -grid.columns, ArrowDown: grid.columns }[event.key];
    if (event.key === "Enter" || event.key === " ") take(hits);
    else if (event.key === "Escape") point(hits, null);
    else if (by && (hits.cell ?? null) === null && (grid.now ?? null) === null) point(hits, from);
    else if (by && from + by >= 0 && from + by < size) point(hits, from + by);
    else return;
    event.preventDefault();
  });
}
