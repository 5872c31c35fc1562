// A stage in a notebook, in touch with Python through anywidget. notebook.py puts the component before this. The
// model's traits: stage, place, told, height.

/** The stage, sent to a place. */
function sentTo(stage, place, token) {
  if (!Object.keys(place).length) return stage;
  if (stage.kind !== "player") return { ...stage, ...place, token };
  const { selected, backward, ...rest } = place, view = { ...stage.view, ...rest, token };
  if (selected !== undefined) view.select = selected;
  if (backward !== undefined) view.pass = backward ? "backward" : "forward";
  return { ...stage, view };
}

/** The step at which a stage stands, where nothing plays, as its root says it. */
function followed(room, tell) {
  const watch = new MutationObserver(() => {
    const { step, playing } = room.querySelector("[data-steps]")?.dataset ?? {};
    if (step !== undefined && playing !== "true") tell(Number(step));
  });
  watch.observe(room, { subtree: true, attributeFilter: ["data-step", "data-playing"] });
  return () => watch.disconnect();
}

/**
 * What anywidget asks of a module.
 * @param {(host: HTMLElement, data: any, tell: (said: {target: string, value: any}) => void) => any} mount
 */
export const hostOf = mount => ({ render({ model, el }) {
  const room = document.createElement("div"), { kind } = model.get("stage");
  room.style.position = "relative";
  if (kind !== "player") room.style.height = `${model.get("height")}px`;
  el.append(room);
  let sent = 0, here = ""; // here: the place that the browser has told, which need not be sent back
  function stand(place) {
    if (JSON.stringify(place) === here) return;
    here = JSON.stringify(place);
    model.set("place", place);
    model.save_changes();
  }
  const tell = ({ target, value }) => {
    if (target === "shown") {
      const { token, ...place } = value;
      stand(place);
    }
    model.set("told", { ...model.get("told"), [target]: value });
    model.save_changes();
  };
  const drawn = () => sentTo(model.get("stage"), model.get("place"), `sent ${sent}`);
  const one = mount(room, drawn(), tell);
  const changed = () => one.receive(drawn(), false);
  const moved = () => {
    if (JSON.stringify(model.get("place")) === here) return;
    here = "";
    sent++;
    changed();
  };
  const leave = kind === "player" ? () => {} : followed(room, step => stand({ step }));
  model.on("change:stage", changed);
  model.on("change:place", moved);
  return () => {
    model.off("change:stage", changed);
    model.off("change:place", moved);
    leave();
    one.stop();
  };
} });
