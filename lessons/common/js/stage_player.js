// The stage of a story that is the player: `{kind: "player", payload, view}`, the payload's bytes in base64.

import { mount as player } from "./rnnviz/player.js";

/** @returns what story.js asks of a stage; a place where the reader comes to rest is told as "shown". */
export function mount(room, tell) {
  let held = "", data = new Uint8Array(), leave = () => {}, view = null;
  const show = () => {
    leave = player({ parentElement: room, data, view, setStateValue: (_, value) => tell({ target: "shown", value }) });
  };
  return {
    receive(stage) {
      if (stage.payload !== held) {
        held = stage.payload;
        data = Uint8Array.from(atob(held), one => one.charCodeAt(0));
      }
      view = stage.view;
      show();
    },
    play() { room.querySelector("[data-act=play]")?.click(); },
    resize() {},
    stop() { leave(); },
  };
}
