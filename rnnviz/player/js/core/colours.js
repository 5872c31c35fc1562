// Values as colours: the page's variables (figures/theme.py), mixed here for the canvas and by CSS for the rest.

// Gradient magnitudes, on a log scale: nothing at 10^-6 and below, full colour at 10^2 and above.
export const DECADES = [-6, 2];
export const gradientWeight = value => {
  if (value === 0 || Number.isNaN(value)) return 0;
  const [low, high] = DECADES;
  return Math.min(1, Math.max(0, (Math.log10(Math.abs(value)) - low) / (high - low)));
};

const NAMES = [
  "background", "ink", "muted", "pipe", "negative", "positive", "forward", "backward", "forget", "input", "output",
  "candidate",
];

// The theme's colours as [r, g, b], read off the element `root`.
export function palette(root) {
  const probe = document.createElement("i");
  root.append(probe);
  const colours = {};
  for (const name of NAMES) {
    probe.style.color = `var(--rnn-${name})`;
    colours[name] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }
  probe.remove();
  return colours;
}

export const mix = (from, to, weight) => from.map((channel, k) => Math.round(channel + (to[k] - channel) * weight));
export const rgb = colour => `rgb(${colour[0]},${colour[1]},${colour[2]})`;

const linear = channel => (channel <= 10 ? channel / (255 * 12.92) : ((channel / 255 + 0.055) / 1.055) ** 2.4);
// black or white, whichever contrasts more (WCAG relative luminance)
export function textOn(colour) {
  const luminance = 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}

// [r, g, b] of a value of one kind: "signed" (blue below 0, orange above, full colour from +-1), "gradient" (log size),
// or a gate in [0, 1], whose own colour is given. What is not finite has no colour of the scale: see `broken`.
export const signedColour = (colours, value) =>
  mix(colours.background, value < 0 ? colours.negative : colours.positive, Math.min(1, Math.abs(value)) * 0.95);
export const gradientColour = (colours, value) =>
  mix(colours.background, colours.backward, gradientWeight(value) ** 1.3 * 0.95);
export const gateColour = (colours, name, value) => mix(colours.background, colours[name], 0.08 + 0.5 * value);
export const broken = value => !Number.isFinite(value);

// The same for CSS
export const cssMix = (name, percent) =>
  `color-mix(in srgb, var(--rnn-${name}) ${percent.toFixed(1)}%, var(--rnn-background))`;
export const signedCss = value => cssMix(value < 0 ? "negative" : "positive", Math.min(1, Math.abs(value)) * 95);
export const gradientCss = value => cssMix("backward", gradientWeight(value) ** 1.3 * 95);
