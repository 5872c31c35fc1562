// Light, dark or for a projector: what the page around an element looks like, and when that changes.

import { looks } from "./rnnviz/looks.js";

/** Whether the page around an element is dark, by its background. */
function isDark(element) {
  const probe = Object.assign(document.createElement("i"), { hidden: true });
  probe.style.color = "var(--st-background-color, canvas)";
  element.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
  probe.remove();
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
}

/** The look's name: "light" or "dark", and after it " projector" where the property --rnn-look says so. */
export function lookOf(element) {
  const large = getComputedStyle(element).getPropertyValue("--rnn-look").includes("projector");
  return (isDark(element) ? "dark" : "light") + (large ? " projector" : "");
}

/** Vega-Lite's config for a look. */
export function configOf(look) {
  const [theme, large] = look.split(" ");
  if (!large || theme === "light") return looks[large ?? theme];
  let text = JSON.stringify(looks.projector); // which is light: the same with the dark colours
  const dark = paletteOf(looks.dark);
  for (const [name, colour] of Object.entries(paletteOf(looks.projector))) text = text.replaceAll(colour, dark[name]);
  return JSON.parse(text);
}

export const paletteOf = config => config.params?.find(one => one.name === "palette")?.value ?? {};

/**
 * Call `changed` when the page around `element` changes its colours: a colour that is in transition says so itself.
 * @returns {() => void} stops it
 */
export function whenLookChanges(element, changed) {
  const probe = document.createElement("i");
  probe.ariaHidden = "true";
  probe.style.cssText = "position:absolute;width:0;height:0;color:var(--st-background-color);transition:color 1ms";
  probe.addEventListener("transitionend", changed);
  element.append(probe);
  return () => { probe.remove(); };
}
