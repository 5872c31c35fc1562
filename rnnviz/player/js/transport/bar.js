// One row of controls: play, one step back and on, where it stands, and how fast; the slowest first.

const ICONS = {
  play: "M5 2.5v13L16 9z",
  pause: "M4 3h4v12H4zM10 3h4v12h-4z",
  back: "M12 3v12L4 9z",
  on: "M6 3v12l8-6z",
};
const FRACTIONS = { 0.25: "¼", 0.5: "½", 0.125: "⅛" };

export const icon = name => `<svg viewBox="0 0 18 18" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

/** Templates such as "update {step} of {steps}", filled. */
export const fill = (template, facts) => (template || "").replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

function button(act, label, name) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", innerHTML: icon(name), title: label });
  made.dataset.act = act;
  made.setAttribute("aria-label", label);
  return made;
}

function speedButtons(words, speeds) {
  const group = Object.assign(document.createElement("div"), { className: "speeds" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.speed || "");
  for (const speed of speeds) {
    const one = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: `${FRACTIONS[speed] ?? speed}×`,
    });
    one.dataset.speed = String(speed);
    group.append(one);
  }
  return group;
}

/**
 * @param {HTMLElement} host
 * @param {{play(): void, step(by: number): void, go(to: number): void, speed(value: number): void}} act
 */
export function createBar(host, act) {
  let words = {};
  let built = "";
  let slider, now, playing;
  const all = selector => /** @type {NodeListOf<HTMLButtonElement>} */ (host.querySelectorAll(selector));

  host.addEventListener("click", event => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!pressed) return;
    if (pressed.dataset.speed) act.speed(Number(pressed.dataset.speed));
    else ({ play: act.play, back: () => act.step(-1), on: () => act.step(1) })[pressed.dataset.act]();
  });
  return {
    build(given, speeds, steps) {
      const looks = JSON.stringify([given, speeds, steps]);
      if (looks === built) return; // what the hand may hold stays
      built = looks;
      words = given;
      slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: steps, step: "any" });
      slider.name = "at";
      slider.setAttribute("aria-label", words.among || "");
      slider.oninput = () => act.go(Number(slider.value));
      now = Object.assign(document.createElement("span"), { className: "now" });
      const ends = [button("back", words.back || "", "back"), button("on", words.on || "", "on")];
      host.replaceChildren(button("play", words.play || "", "play"), ends[0], slider, ends[1], now);
      host.append(speedButtons(words, speeds));
      playing = false;
    },
    /** @param {{at: number, text: string, playing: boolean, locked: boolean, speed: number}} view */
    update(view) {
      slider.value = String(view.at);
      slider.disabled = view.locked;
      slider.style.setProperty("--share", `${(100 * view.at) / (Number(slider.max) || 1)}%`);
      if (now.textContent !== view.text) now.textContent = view.text;
      for (const one of all("[data-act]")) one.disabled = view.locked;
      for (const one of all("[data-speed]"))
        one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === view.speed));
      if (playing === view.playing) return;
      playing = view.playing;
      const [play] = all("[data-act=play]");
      play.innerHTML = icon(playing ? "pause" : "play");
      play.title = (playing ? words.pause : words.play) || "";
      play.setAttribute("aria-label", play.title);
    },
  };
}
