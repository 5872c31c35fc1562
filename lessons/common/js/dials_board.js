// All controls in one element: what is there stays, with its focus, while others come and go.

import { part, shapeOf } from "./dials_parts.js";

/**
 * @param {HTMLElement} root
 * @param {{set(id: string, value: unknown): void, grab?(): void, release?(): void}} hands  hears each change at once
 * @param {{default: string}} words
 * @returns what shows dials (`described` in dials.py) and has their values
 */
export function board(root, hands, words = { default: "{}" }) {
  const parts = new Map(), values = {}, rooms = new Map(), kept = {};
  let dials = [];
  const all = { grab() {}, release() {}, ...hands };

  const own = { ...all, set(id, value) {
    values[id] = value;
    parts.get(id).show(value);
    all.set(id, value);
  } };

  /** Put these elements into a parent in this order; what stands right already is not touched. */
  function arrange(parent, elements) {
    let at = parent.firstChild;
    for (const element of elements) {
      if (at === element) at = at.nextSibling;
      else parent.insertBefore(element, at);
    }
  }

  function room(dial) {
    if (!rooms.has(dial.group)) {
      const element = document.createElement("div"), label = document.createElement("span");
      element.className = "group";
      label.className = "group-label";
      element.append(label);
      rooms.set(dial.group, { element, label });
    }
    const { element, label } = rooms.get(dial.group);
    label.textContent = dial.group_label ?? "";
    label.hidden = !dial.group_label;
    if (dial.group_label) {
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", dial.group_label);
    }
    return element;
  }

  return {
    /**
     * Show these dials. All get the values they say, or only those that are new here.
     * @param {any[]} next
     * @param {boolean} take
     */
    receive(next, take) {
      dials = next;
      const there = new Map(next.map(dial => [dial.id, dial]));
      for (const [id, one] of parts) {
        if (there.has(id) && one.shape === shapeOf(there.get(id))) continue;
        one.drop();
        one.element.remove();
        parts.delete(id);
        delete values[id];
      }
      const filled = new Map();
      for (const dial of next) {
        if (!parts.has(dial.id)) parts.set(dial.id, part(dial, own, words));
        const one = parts.get(dial.id), place = room(dial);
        if (take || !(dial.id in values)) values[dial.id] = dial.value;
        one.update(dial);
        one.show(values[dial.id]);
        if (!filled.has(place)) filled.set(place, [place.firstChild]);
        filled.get(place).push(one.element);
      }
      for (const [group, { element }] of rooms) if (!filled.has(element)) { element.remove(); rooms.delete(group); }
      for (const [element, inside] of filled) arrange(element, inside);
      arrange(root, filled.keys());
    },
    /** Forget what was typed and not yet sent. */
    drop() { for (const one of parts.values()) one.drop(); },
    typing: () => [...parts.values()].some(one => one.held()),
    values: () => ({ ...values }),
    /** Set a control that is here, as a hand would. */
    put(id, value) { if (parts.has(id)) own.set(id, value); },
    /** What there is of a control's value at the moment: so much of it stands in the address. Whether that is news. */
    keep(id, text) { return kept[id] !== (kept[id] = text); },
    /**
     * What an address says of the values; null: it does not name them, as they are the default, or are not there.
     * @param {string[]} names  of all controls that there may be
     */
    parameters(names) {
      const said = Object.fromEntries(names.map(name => [name, null]));
      for (const dial of dials) {
        const value = kept[dial.id] ?? values[dial.id];
        if (String(value) !== String(dial.default)) said[dial.id] = textOf(dial, value);
      }
      return said;
    },
  };
}

const textOf = (dial, value) => (dial.kind === "span" ? value.join("-") : String(value));
