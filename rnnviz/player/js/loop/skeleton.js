// The elements of the stage of one loop, empty.

/** @param {HTMLElement} host  where they are put */
export function skeleton(host) {
  const make = (tag, style) => Object.assign(document.createElement(tag), { className: style });
  const root = make("div", "rnn-loop");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const parts = {
    root,
    svg,
    equation: make("div", "equation"),
    bar: make("div", "bar"),
    hint: make("div", "hint"),
    live: make("div", "live"),
  };
  Object.assign(root.dataset, { testid: "rnn-loop" });
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  svg.setAttribute("class", "picture");
  svg.setAttribute("role", "group");
  parts.hint.setAttribute("role", "tooltip");
  parts.live.setAttribute("aria-live", "polite");
  root.append(parts.equation, svg, parts.bar, parts.hint, parts.live);
  host.append(root);
  return parts;
}
