// A stage: one of several kinds, each drawn by a component of its own; the old one fades as the new one comes.
//
// Every component of the library is a kind (rnnviz/components.js, made by assets.py), and so are charts and texts.

import { components } from "./rnnviz/components.js";
import { whole } from "./stage_files.js";

const FADE = 400; // milliseconds
const KINDS = { ...components, charts: () => import("./stage_charts.js") };

/**
 * @param {HTMLElement} host
 * @param {(target: string, value: unknown) => void} say
 */
export function stageIn(host, say) {
  let kind = null, one = null, coming = Promise.resolve(), left = false;

  async function change(stage) {
    const module = await KINDS[stage.kind]();
    if (left) return;
    const old = one, room = document.createElement("div");
    room.className = `kind ${stage.kind}`;
    host.append(room);
    one = { ...module.mount(room, stage, ({ target, value }) => say(target, value)), room };
    kind = stage.kind;
    if (!old) return;
    old.room.inert = true;
    old.room.classList.add("leaving");
    setTimeout(() => { old.stop(); old.room.remove(); }, FADE);
  }

  return {
    /** Show what the beat says; `turned`: it is another beat. Done when it is drawn. */
    receive(stage, turned) {
      host.hidden = !stage;
      if (!stage) return coming;
      coming = coming.then(async () => {
        const given = await whole(stage, name => say("wanted", name));
        if (!given || left) return; // it will come again, with what is missing
        if (kind !== given.kind) await change(given);
        else one.receive(given, turned);
      }).catch(error => console.error(error)); // the next one is tried all the same
      return coming;
    },
    play() { one?.play?.(); },
    resize() { one?.resize?.(); },
    stop() { left = true; one?.stop(); },
  };
}
