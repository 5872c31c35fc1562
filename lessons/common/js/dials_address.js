// What the page's address says of controls and player: written here, in the browser, and nowhere else, so that
// nobody's writing undoes another's.
//
// An entry of the history is never added, only changed: Back leads to the page before.

const MOST = 1900; // characters; longer ones some programs cut when they are passed on

/**
 * Set parameters of the address; those that are null are taken out, all others stay as they are.
 * @param {Record<string, string | null>} parameters
 * @returns {boolean} whether that changed anything
 */
export function writeAddress(parameters) {
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(parameters)) {
    const said = url.searchParams.getAll(name);
    if (text === null) url.searchParams.delete(name);
    else if (said.length !== 1 || said[0] !== text) url.searchParams.set(name, text);
  }
  if (url.href === location.href || url.href.length > Math.max(MOST, location.href.length)) return false;
  history.replaceState(history.state, "", url);
  return true;
}

/** The address's parameters: {name: [texts]}. */
export function readAddress() {
  const all = new URL(location.href).searchParams;
  return Object.fromEntries([...new Set(all.keys())].map(name => [name, all.getAll(name)]));
}
