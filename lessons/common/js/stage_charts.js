// The kind of stage that is charts and texts: `{kind: "charts", parts}`, as charts.py makes them.

import charts from "./charts.js";

/** What every component is: see rnnviz/player/stages.py. */
export function mount(room, stage, tell) {
  let leave = () => {};
  const receive = given => {
    const setTriggerValue = (_, event) => tell(event);
    const data = { ...given, within: true };
    leave = charts({ data, parentElement: room, setTriggerValue, setStateValue: undefined }) ?? leave;
  };
  receive(stage);
  return { receive, play() {}, resize() {}, stop() { leave(); } };
}
