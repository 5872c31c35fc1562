// HTML that is changed in place: what stays the same stays, with its focus, its scroll position and what is open.

/**
 * Make the children of `place` those that `html` says.
 * @param {HTMLElement} place
 * @param {string} html
 */
export function put(place, html) {
  if (!place.hasChildNodes()) {
    place.innerHTML = html;
    return;
  }
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  children(place, fresh.content);
}

function children(old, fresh) {
  const had = [...old.childNodes], wanted = [...fresh.childNodes];
  wanted.forEach((node, i) => {
    if (i >= had.length) old.append(node);
    else if (!same(had[i], node)) had[i].replaceWith(node);
    else become(had[i], node);
  });
  for (const node of had.slice(wanted.length)) node.remove();
}

const same = (old, fresh) => old.nodeName === fresh.nodeName && old.id === fresh.id;

function become(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, fresh);
}
