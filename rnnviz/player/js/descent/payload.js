// The descents as they are sent, see descent.py: uint32 n | n bytes of JSON | float32 numbers

const SENT = ["w", "b", "error", "before", "after", "angle"]; // each at every point

export function openCourses(bytes) {
  const copy = bytes.slice(), length = new DataView(copy.buffer).getUint32(0, true);
  const { points, stopped, play } = JSON.parse(new TextDecoder().decode(copy.subarray(4, 4 + length)));
  const numbers = new Float32Array(copy.buffer, 4 + length);
  let offset = 0;
  const courses = stopped.map(at => {
    const of = Object.fromEntries(SENT.map(name => [name, numbers.subarray(offset, (offset += points))]));
    const last = at ?? points - 1; // the last point that is a pair of numbers
    return { ...of, last, point: k => [of.w[k], of.b[k], of.error[k]], lost: update => update > last };
  });
  return { courses, updates: points - 1, play };
}
