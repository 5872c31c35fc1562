// The stage of a story: one of several kinds, each a module of its own; the old one fades as the new one comes.

const FADE = 400; // milliseconds
const KINDS = {
  loop: () => import("./stage_loop.js"),
  player: () => import("./stage_player.js"),
  charts: () => import("./stage_charts.js"),
};

/**
 * @param {HTMLElement} host
 * @param {(target: string, value: unknown) => void} say
 */
export function stageIn(host, say) {
  let kind = null, one = null, coming = Promise.resolve();

  async function change(stage) {
    const module = await KINDS[stage.kind]();
    const old = one, room = document.createElement("div");
    room.className = `kind ${stage.kind}`;
    host.append(room);
    one = { ...module.mount(room, ({ target, value }) => say(target, value)), room };
    kind = stage.kind;
    if (!old) return;
    old.room.inert = true;
    old.room.classList.add("leaving");
    setTimeout(() => { old.stop(); old.room.remove(); }, FADE);
  }

  return {
    /** Show what the beat says; `turned`: it is another beat. */
    receive(stage, turned) {
      host.hidden = !stage;
      if (!stage) return;
      coming = coming.then(async () => {
        if (kind !== stage.kind) await change(stage);
        one.receive(stage, turned);
      });
    },
    play() { one?.play?.(); },
    resize() { one?.resize?.(); },
    stop() { one?.stop(); },
  };
}
