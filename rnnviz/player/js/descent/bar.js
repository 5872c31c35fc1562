// The bar: play, one update on or back, and the slider over all of them.

const ICONS = { back: "M12 3v12L4 9z", play: "M5 2.5v13L16 9z", pause: "M4 3h4v12H4zM10 3h4v12h-4z", on: "M6 3v12l8-6z" };
const icon = name => `<svg viewBox="0 0 18 18" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

export function barPanel(host, act) {
  const button = (act, name, label) => `<button type="button" data-act="${act}" aria-label="${label}" title="${label}">${icon(name)}</button>`;
  host.innerHTML = `${button("play", "play", "Play (space)")}${button("back", "back", "One update back (←)")}${button("on", "on", "One update on (→)")}
    <input type="range" min="0" step="1" aria-label="Update"><span class="now">update <b></b> of <span></span></span>`;
  const [input, now] = [host.querySelector("input"), host.querySelector(".now")], play = host.querySelector("[data-act=play]");
  const actions = { play: act.play, back: () => act.step(-1), on: () => act.step(1) };
  host.onclick = event => { const pressed = event.target.closest("[data-act]"); if (pressed) actions[pressed.dataset.act](); };
  input.oninput = () => act.go(Number(input.value));
  let playing = null;
  return {
    update(view) {
      input.max = view.updates;
      input.value = view.update;
      now.children[0].textContent = view.update;
      now.children[1].textContent = view.updates;
      if (playing === view.playing) return;
      playing = view.playing;
      play.innerHTML = icon(playing ? "pause" : "play");
      play.title = playing ? "Pause (space)" : "Play (space)";
      play.setAttribute("aria-label", play.title);
    },
  };
}
