// What is large and never changes is a file, fetched once: in a stage, `{file, at}` stands in the place of its value.

const values = new Map();
const TRIES = 3;

/**
 * The stage with all its values.
 * @param {Record<string, any>} stage
 * @param {(name: string) => void} ask  Python is asked to send a file that cannot be fetched
 * @returns {Promise<Record<string, any> | null>} null where one is missing
 */
export async function whole(stage, ask) {
  const filed = Object.entries(stage).filter(([, value]) => value?.file);
  if (!filed.length) return stage;
  const found = await Promise.all(filed.map(([, value]) => valueOf(value, ask)));
  if (found.includes(null)) return null;
  return { ...stage, ...Object.fromEntries(filed.map(([name], i) => [name, found[i]])) };
}

function valueOf({ file, at, value }, ask) {
  if (value !== undefined) values.set(file, Promise.resolve(value));
  if (!values.has(file)) {
    values.set(file, fetched(at).catch(() => { values.delete(file); ask(file); return null; }));
  }
  return values.get(file);
}

async function fetched(at, tried = 1) {
  const answer = await fetch(new URL(at, import.meta.url), { cache: "force-cache" }).catch(() => null);
  if (answer?.ok) return answer.json();
  if (tried === TRIES) throw new Error(`${at} could not be fetched`);
  await new Promise(then => { setTimeout(then, 200 * tried); });
  return fetched(at, tried + 1);
}
