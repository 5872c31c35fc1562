// What the network's cell is: the record of rnnviz/cells/spec.py, as the payload's header carries it.

/**
 * @typedef {{letter: string, name: string, role: string, activation: string, colour: string, dash: number[]}} Gate
 * @typedef {{ref: string, symbol: string, name: string, map: string, needs: string[], state: string}} Operation
 * @typedef {{name: string, title: string, gates: Gate[], states: string[], path: string, drawn: string[],
 *   places: string[], maps: string[], operations: Operation[], roles: Record<string, string>}} Spec
 * @typedef {{symbol: string, name: string, kind: string, colour?: string, dash?: number[]}} Named
 */

/** @type {Record<string, Named>} */
const STATES = {
  x: { symbol: "x", name: "input", kind: "signed" },
  h: { symbol: "h", name: "hidden state", kind: "signed" },
  c: { symbol: "c", name: "cell state", kind: "signed" },
  y: { symbol: "y", name: "output", kind: "signed" },
  a: { symbol: "a", name: "pre-activation", kind: "signed" },
};

/** @returns {Named} a candidate is a signed number, every other gate a valve */
const namedGate = ({ letter, name, role, colour, dash }) =>
  ({ symbol: letter, name, kind: role === "candidate" ? "signed" : "gate", colour, dash });

/**
 * The record, and what is asked of it most:
 *
 *   gate        {letter: Gate} of the gates that have a role; the Elman cell has none
 *   operation   {ref: Operation}
 *   named       {ref: symbol, name, ...} of all that there is
 *   gated       whether a gate keeps what goes along the path
 *   writes      the gates that make what is written, as `shown.any` takes them: "i g", "z n"
 *
 * @param {Spec} spec
 */
export function cellOf(spec) {
  const valves = spec.gates.filter(({ role }) => role), { keep, write = keep, candidate } = spec.roles;
  const operation = Object.fromEntries(spec.operations.map(one => [one.ref, one]));
  return {
    ...spec,
    gate: Object.fromEntries(valves.map(one => [one.letter, one])),
    operation,
    named: {
      ...STATES,
      ...Object.fromEntries(valves.map(one => [one.letter, namedGate(one)])),
      ...Object.fromEntries(spec.operations.map(({ ref, symbol, name }) => [ref, { symbol, name, kind: "signed" }])),
    },
    gated: keep !== undefined,
    writes: keep === undefined ? "" : `${write} ${candidate}`,
  };
}

/** Whether a place is one of the cell's gates. */
export const isGate = (model, ref) => model.spec.gate[ref] !== undefined;

/** The state that a place is, "h" or "c"; undefined where it is none. */
export const stateOf = ({ spec }, ref) => (spec.states.includes(ref) ? ref : spec.operation[ref]?.state || undefined);
