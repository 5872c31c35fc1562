// The kinds of controls, each made of the browser's own inputs, so that keys, touch and screen readers work as they do
// everywhere. What a dial is: dials.py, `described`. A part: {element, show(value), update(dial), held()}.

const TYPED = 400; // milliseconds after the last key in a field

const make = (tag, name = "") => Object.assign(document.createElement(tag), { className: name });

/** A number as it is written on the screen; with more digits where these would not tell it. */
export function written(value, digits) {
  const text = value.toFixed(digits);
  return (Math.abs(Number(text) - value) < 1e-9 ? text : String(value)).replace("-", "−");
}

/** The label of a control, and what stands beside it. */
function head(element) {
  const [line, name, note, value] = ["head", "name", "note", "value"].map(part => make("span", part));
  value.setAttribute("aria-hidden", "true"); // the input itself says it
  line.append(name, note, value);
  element.append(line);
  return {
    value,
    label(dial) {
      name.textContent = dial.label;
      note.textContent = note.title = dial.note;
      note.hidden = !dial.note;
      element.title = dial.help ?? "";
      for (const input of element.querySelectorAll("input, select")) input.setAttribute("aria-label", dial.label);
    },
  };
}

function say(dial, value) {
  const text = dial.kind === "steps" ? dial.names[dial.values.indexOf(value)] : written(value, dial.digits ?? 0);
  return dial.unit ? `${text} ${dial.unit}` : text;
}

/** The value of a slider's place, and the place of a value. */
function valueAt(dial, place) {
  return dial.kind === "steps" ? dial.values[place] : Number((+place).toFixed(dial.digits ?? 0));
}
const placeOf = (dial, value) => (dial.kind === "steps" ? dial.values.indexOf(value) : value);

function slider(name, hands) {
  const input = Object.assign(make("input"), { type: "range", name });
  input.addEventListener("pointerdown", () => hands.grab());
  const ends = ["pointerup", "pointercancel", "lostpointercapture", "change", "blur"];
  for (const event of ends) input.addEventListener(event, () => hands.release());
  return input;
}

function limits(input, dial) {
  const steps = dial.kind === "steps";
  const wanted = steps ? { min: 0, max: dial.values.length - 1, step: 1 }
    : { min: dial.low, max: dial.high, step: dial.step ?? 1 };
  for (const [name, value] of Object.entries(wanted)) if (input[name] !== String(value)) input[name] = value;
}

function place(input, dial, value) {
  input.value = placeOf(dial, value);
  input.setAttribute("aria-valuetext", say(dial, value));
  const share = (input.value - input.min) / (input.max - input.min || 1);
  input.style.setProperty("--at", `${100 * share}%`);
}

/** range, steps */
function range(dial, hands, words) {
  const element = make("label", "dial range"), top = head(element), input = slider(dial.id, hands);
  element.append(input);
  let given = dial;
  const part = {
    element,
    show(value) { place(input, given, value); top.value.textContent = say(given, value); },
    update(next) {
      given = next;
      top.label(next);
      limits(input, next);
      input.title = words.default.replace("{}", say(next, next.default));
    },
    held: () => false,
  };
  input.addEventListener("input", () => hands.set(dial.id, valueAt(given, input.value)));
  input.addEventListener("dblclick", () => hands.set(dial.id, given.default));
  return part;
}

/** Two thumbs on one track; one pushes the other along. */
function span(dial, hands, words) {
  const element = make("div", "dial span"), top = head(element), track = make("span", "track");
  const ends = [slider(dial.id, hands), slider(dial.id, hands)];
  element.setAttribute("role", "group");
  track.append(...ends);
  element.append(track);
  let given = dial;
  ends.forEach((input, k) => {
    input.addEventListener("input", () => {
      const [first, last] = ends.map(end => +end.value), now = +input.value;
      hands.set(dial.id, k ? [Math.min(first, now), now] : [now, Math.max(last, now)]);
    });
    input.addEventListener("dblclick", () => hands.set(dial.id, given.default));
  });
  return {
    element,
    show(value) {
      ends.forEach((input, k) => place(input, given, value[k]));
      track.style.setProperty("--from", ends[0].style.getPropertyValue("--at"));
      track.style.setProperty("--to", ends[1].style.getPropertyValue("--at"));
      top.value.textContent = [...new Set(value)].map(end => say(given, end)).join(" – ");
      ends[0].style.zIndex = value[0] === given.high ? 1 : "";
    },
    update(next) {
      given = next;
      top.label(next);
      element.setAttribute("aria-label", next.label);
      ends.forEach((input, k) => {
        limits(input, next);
        input.setAttribute("aria-label", `${next.label}, ${k ? "…" : ""}${k ? next.high : next.low}${k ? "" : "…"}`);
        input.title = words.default.replace("{}", next.default.join(" – "));
      });
    },
    held: () => false,
  };
}

/** One of a few, all to be seen. */
function radio(dial, hands) {
  const element = make("fieldset", "dial choice"), legend = make("legend"), options = make("span", "options");
  element.append(legend, options);
  if (dial.look === "switch") element.classList.add("switch");
  const inputs = dial.options.map(option => {
    const label = make("label"), input = make("input");
    Object.assign(input, { type: "radio", name: dial.id, value: option });
    input.addEventListener("change", () => hands.set(dial.id, option));
    label.append(input, make("span"));
    options.append(label);
    return input;
  });
  return {
    element,
    show(value) { for (const input of inputs) input.checked = input.value === value; },
    update(next) {
      legend.textContent = next.label;
      element.title = next.help ?? "";
      inputs.forEach((input, k) => { input.nextSibling.textContent = next.names[k]; });
    },
    held: () => false,
  };
}

/** One of many, in a list that opens. */
function list(dial, hands) {
  const element = make("label", "dial list"), top = head(element), select = make("select");
  select.name = dial.id;
  select.append(...dial.options.map(option => Object.assign(make("option"), { value: option })));
  element.append(select);
  select.addEventListener("change", () => hands.set(dial.id, select.value));
  return {
    element,
    show(value) { select.value = value; },
    update(next) {
      top.label(next);
      [...select.options].forEach((option, k) => { option.textContent = next.names[k]; });
    },
    held: () => false,
  };
}

/** A field; what is typed is sent after a short pause, on Enter, and on leaving it. */
function field(dial, hands, type, read) {
  const element = make("label", dial.look === "line" ? `dial ${dial.kind} line` : `dial ${dial.kind}`);
  const top = head(element), plain = { autocomplete: "off", spellcheck: false };
  const input = Object.assign(make("input"), { type, name: dial.id, ...plain });
  let timer = 0, typing = false, shown = null;
  element.append(input);
  function send() {
    clearTimeout(timer);
    if (!typing) return;
    const value = read(input);
    typing = false;
    if (value === null) input.value = shown;
    else hands.set(dial.id, value);
  }
  input.addEventListener("input", () => {
    typing = true;
    clearTimeout(timer);
    if (read(input) !== null) timer = setTimeout(send, TYPED);
  });
  input.addEventListener("change", send);
  input.addEventListener("blur", send);
  input.addEventListener("keydown", event => { if (event.key === "Enter") send(); });
  return {
    element,
    show(value) { shown = value; if (!typing && input.value !== String(value)) input.value = value; },
    update(next) {
      top.label(next);
      if (next.kind === "text") Object.assign(input, { maxLength: next.most });
      else if (next.kind === "day") Object.assign(input, { min: next.first, max: next.last });
      else Object.assign(input, { min: next.low, max: next.high, step: 1 });
    },
    drop() { clearTimeout(timer); typing = false; },
    held: () => typing,
  };
}

/** Set elsewhere, and shown there. */
function unseen() {
  const element = make("span");
  element.hidden = true;
  return { element, show() {}, update() {}, held: () => false };
}

const asNumber = input => (input.value !== "" && input.validity.valid ? Number(input.value) : null);
const asDay = input => (input.value !== "" && input.validity.valid ? input.value : null);
/** @type {Record<string, (dial: any, hands: any, words: any) => any>} */
const KINDS = {
  range, steps: range, span,
  choice: (dial, hands) => (dial.look === "list" ? list(dial, hands) : radio(dial, hands)),
  text: (dial, hands) => field(dial, hands, "text", input => input.value),
  seed: (dial, hands) => field(dial, hands, "number", asNumber),
  holds: unseen,
  day: (dial, hands) => field(dial, hands, "date", asDay),
};

/** What makes it another control, not the same with other words or limits. */
export const shapeOf = dial => JSON.stringify([dial.kind, dial.look, dial.options ?? null]);

/**
 * @param {any} dial
 * @param {{set(id: string, value: unknown): void, grab(): void, release(): void}} hands
 * @param {{default: string}} words
 */
export function part(dial, hands, words) {
  const made = KINDS[dial.kind](dial, hands, words);
  made.element.dataset.dial = dial.id;
  return { drop() {}, ...made, shape: shapeOf(dial) };
}
