// What there is to select: its symbol, its name, and for gates their colour and line style, as the cell's record says.
// A place is named by one word, `ref`, in every part of the player: in the forward pass it stands for the value there,
// in the backward pass for the derivative of the loss by that value (for a gate: by its pre-activation).

/** The quantities whose heat map can be seen, in the order of their buttons. */
export const maps = ({ spec }) => spec.maps;
export const place = ({ spec }, ref) => spec.named[ref];
/** Every ref that this network has. */
export const places = ({ spec, y }) =>
  [...spec.places.filter(ref => ref !== "y" || y), ...spec.operations.map(({ ref }) => ref)];
/** The map that shows a selected place best. */
export const mapOf = ({ spec }, ref) => (spec.maps.includes(ref) ? ref : spec.operation[ref]?.map ?? "h");
