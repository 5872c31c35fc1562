// How probable each class is held to be, sequence by sequence: the framed one is right.

export function drawClasses(scene, panel, box) {
  const { pen, text, records, at, lanes } = scene;
  const px = Math.max(14, text - 1);
  const [rows, columns] = [panel.targets.length, panel.labels.length];
  const named = panel.names.length ? Math.max(...panel.names.map(name => pen.wide(name, { px }))) + 12 : 0;
  const [left, wide] = [box.x + named, (box.w - named) / columns];
  const high = Math.min(44, box.h / rows);
  const top = box.y + Math.max(0, (box.h - high * rows) / 2);
  const pad = Math.max(1.5, high * 0.12);
  for (let row = 0; row < rows; row += 1) {
    const y = top + row * high;
    if (named && high > 15) pen.text(panel.names[row], box.x, y + high / 2, { colour: pen.colours.muted, px });
    for (let k = 0; k < columns; k += 1) {
      const right = panel.targets[row] === k;
      /** @type {[number, number, number, number]} */
      const cell = [left + k * wide + 3, y + pad, wide - 6, high - 2 * pad];
      pen.rect(...cell, pen.colours.soft, 4);
      const each = cell[3] / lanes.length;
      lanes.forEach((lane, index) => {
        const share = records.between(panel.of[0], index, at, row * columns + k);
        if (at < lane.begins || !(share > 0)) return;
        pen.faded(lane.alpha * (right ? 1 : 0.55), () =>
          pen.rect(cell[0], cell[1] + index * each, cell[2] * Math.min(1, share), each, pen.colours[lane.hue], 4));
      });
      if (right) frame(pen, cell);
    }
  }
  for (let k = 0; k < columns; k += 1)
    pen.text(panel.labels[k], left + (k + 0.5) * wide, top + rows * high + 13,
      { align: "center", colour: pen.colours.muted, px });
}

function frame(pen, [x, y, w, h]) {
  const { context } = pen;
  context.strokeStyle = `rgb(${pen.colours.ink})`;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x, y, w, h, 4);
  context.stroke();
}
