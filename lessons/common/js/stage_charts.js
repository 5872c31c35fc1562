// The stage of a story that is charts and texts: `{kind: "charts", parts}`, as charts.py makes them.

import charts from "./charts.js";

/** @returns what story.js asks of a stage. */
export function mount(room, tell) {
  let leave = () => {};
  return {
    receive(stage) {
      leave = charts({ data: stage, parentElement: room, setTriggerValue: (_, event) => tell(event) }) ?? leave;
    },
    stop() { leave(); },
  };
}
