// What the network writes after each update, in lines as wide as there is room.

const HIGH = 1.5; // of a line, in letters

/** Words in lines of at most `most` pixels; `wide(words)` measures. What is longer than a line is broken anywhere. */
export function inLines(words, most, wide) {
  const lines = [""];
  for (const piece of words.split(/(?<=[ \n])/)) {
    if (lines.at(-1) && wide(lines.at(-1) + piece.trimEnd()) > most) lines.push("");
    for (const letter of piece.replace("\n", "¶")) {
      if (lines.at(-1) && wide(lines.at(-1) + letter) > most) lines.push("");
      lines[lines.length - 1] += letter;
    }
    if (piece.endsWith("\n")) lines.push("");
  }
  return lines.filter(Boolean);
}

export function drawText(scene, panel, box) {
  const { pen, text, records, at, lanes } = scene;
  const px = Math.max(17, text + 5), high = px * HIGH, size = records.size(panel.of[0]);
  const room = box.h / lanes.length;
  lanes.forEach((lane, index) => {
    const frame = Math.floor(at + 1e-6);
    const codes = Array.from({ length: size }, (_, k) => records.at(panel.of[0], index, frame, k));
    const words = codes.filter(code => !Number.isNaN(code)).map(code => panel.symbols[Math.round(code)]).join("");
    const lines = inLines(words, box.w, one => pen.wide(one, { px })).slice(0, Math.floor(room / high));
    lines.forEach((line, k) => pen.text(line, box.x, box.y + index * room + (k + 0.5) * high,
      { colour: lanes.length > 1 ? pen.colours[lane.hue] : pen.colours.ink, px }));
  });
}
