// What the page's address says of where the reader stands in the player; player.py reads it.

/** What the address says of a place: counted from 1; what is as the page starts it is left out, but step and unit. */
export function parameters(shown, page) {
  const differs = (name, text) => (shown[name] === page[name] ? null : text);
  return {
    step: String(shown.step + 1),
    unit: String(shown.unit + 1),
    pass: differs("backward", shown.backward ? "backward" : "forward"),
    see: differs("selected", shown.selected),
    layer: differs("layer", String(shown.layer + 1)),
    direction: differs("direction", String(shown.direction + 1)),
  };
}
