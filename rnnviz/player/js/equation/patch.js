// Elements drawn in place: a description of what should be there, laid over what is. A node that has its tag already
// is kept, and with it the keyboard's focus; text and attributes are written only where they changed.

// A described element. Attributes with the value null, undefined or false are left out; `go` and `press`, what a
// click does, are kept as properties.
export const drawn = (tag, attributes, ...children) => ({ tag, attributes,
  children: children.flat(Infinity).filter(child => child !== null) });

const PROPERTIES = ["go", "press"];

export function drawInto(parent, nodes) {
  nodes.forEach((node, k) => {
    const there = parent.childNodes[k];
    if (typeof node === "string") drawText(parent, there, node);
    else drawElement(parent, there, node);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}

function put(parent, there, made) {
  if (there) there.replaceWith(made);
  else parent.append(made);
  return made;
}

function drawText(parent, there, text) {
  if (!there || there.nodeType !== Node.TEXT_NODE) put(parent, there, document.createTextNode(text));
  else if (there.data !== text) there.data = text;
}

function drawElement(parent, there, { tag, attributes, children }) {
  const kept = there && there.localName === tag;
  const element = kept ? there : put(parent, there, document.createElement(tag));
  const before = element.drawnAs || {};
  for (const name of Object.keys(before)) if (!(name in attributes) && !PROPERTIES.includes(name))
    element.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes)) {
    if (PROPERTIES.includes(name) || before[name] === value) continue;
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  for (const name of PROPERTIES) element[name] = attributes[name] || null;
  element.drawnAs = attributes;
  drawInto(element, children);
}
