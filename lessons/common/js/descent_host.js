// Descents on an error surface on a lesson's page: what Python sends them, what they tell Python.
//
// `data` is bytes: the length of a head (4 bytes, little endian), the head as JSON, the descents as descent.py packs
// them. The head: {name, surface}; `surface` is the mesh itself, or the address of its file, whose name is `name`. A
// click on the map is the event {target: "start", value: {w, b}}.

import { mount } from "./rnnviz/descent.js";

const hosts = new WeakMap(), surfaces = new Map(), decoder = new TextDecoder();

/** Called at first, and again with each rerun. */
export default function descents({ data, parentElement, setTriggerValue, setStateValue }) {
  const size = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const { name, surface } = JSON.parse(decoder.decode(data.subarray(4, 4 + size)));
  let host = hosts.get(parentElement);
  if (!host) hosts.set(parentElement, (host = { next: null, leave: null, left: false }));
  const tell = (_, value) => setTriggerValue("event", { target: "start", value });
  host.next = { parentElement, data: data.slice(4 + size), setTriggerValue: tell };
  surfaceOf(name, surface, () => setStateValue("wanted", name)).then(mesh => {
    if (mesh && host.next && !host.left) host.leave = mount(host.next, mesh);
    host.next = null; // the newest was drawn, by whoever came first
  });
  return () => {
    host.left = true;
    host.leave?.();
    hosts.delete(parentElement);
  };
}

/** The mesh: it came with the data, or is a file; where that cannot be had, Python is asked to send it. */
function surfaceOf(name, given, ask) {
  if (typeof given === "object") surfaces.set(name, Promise.resolve(given));
  if (!surfaces.has(name)) {
    surfaces.set(name, fetch(new URL(given, import.meta.url), { cache: "force-cache" })
      .then(answer => (answer.ok ? answer.json() : Promise.reject(new Error(`${given}: ${answer.status}`))))
      .catch(() => { surfaces.delete(name); ask(); return null; }));
  }
  return surfaces.get(name);
}
