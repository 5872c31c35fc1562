// The descents as they are sent, see descent.py: uint32 n | n bytes of JSON | float32 numbers

const PER_POINT = ["w", "b", "error", "norm"], PER_UPDATE = ["after", "angle"];

export function openCourses(bytes) {
  const copy = bytes.slice(), length = new DataView(copy.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(4, 4 + length)));
  const numbers = new Float32Array(copy.buffer, 4 + length), N = header.updates;
  let offset = 0;
  const take = count => numbers.subarray(offset, (offset += count));
  const courses = header.stopped.map(stopped => {
    const of = Object.fromEntries([...PER_POINT.map(name => [name, take(N + 1)]), ...PER_UPDATE.map(name => [name, take(N)])]);
    const last = stopped ?? N; // the last point that is a pair of numbers
    return { ...of, last, point: k => [of.w[k], of.b[k], of.error[k]], lost: update => stopped !== null && update > stopped };
  });
  return { ...header, courses };
}
