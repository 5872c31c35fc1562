// The stage of a story that is one small network drawn large: `{kind: "loop", view, data, ...}`.

export { mount } from "./rnnviz/loop.js";
