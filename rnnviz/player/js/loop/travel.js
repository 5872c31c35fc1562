// The numbers that travel through the folded machine, in five phases. A number goes into a box "x 0.8" as itself and
// comes out as the product.

import { arrive, ease, lerp, part, rounded } from "./shapes.js";
import { curvePlace } from "./cell.js";
import { inputPath } from "./fold.js";

/** The numbers on their way around the folded loop. */
export function drawTravellers(pen, view, now, scene) {
  const { data, opacity } = scene;
  const { cell, recurrent, size } = view;
  const y = now.y;
  const t = now.step;
  const { printed } = data;
  const nest = [(cell.left + cell.right) / 2, view.top];
  const moving = { moving: true, size, opacity, room: view.W };
  if (now.rest) {
    pen.pill("token", "h", nest, printed.h[t + 1], data.h[t], { size, opacity, about: "h" });
    return;
  }
  const before = t ? data.h[t - 1] : data.h0;
  const legs = {
    down: [nest, [cell.left - view.beside, view.top], [cell.left - view.beside, y]],
    back: rounded(
      [[curveRight(view), y], [cell.right + view.beside, y], [cell.right + view.beside, view.top], nest],
      22,
    ),
  };
  pen.trail(
    "trail.down",
    rounded([...legs.down, [recurrent, y]], 22),
    ease(now.phase(0)),
    opacity * now.glow * (1 - part(now.phase(4), 0, 0.3)),
  );
  if (now.phase(1) <= 0) drawArriving(pen, view, now, scene, legs, before, moving);
  else if (now.phase(2) < 0.42) drawWeighing(pen, view, now, scene, before, moving);
  if (now.phase(2) >= 0.42 && now.phase(3) < 0.14) {
    const to = view.curve.x - view.curve.width / 2;
    const x = lerp(view.sum, to, ease(part(now.phase(2), 0.55, 1)));
    pen.pill("token", "a", [x, y], printed.a[t], data.a[t], {
      ...moving,
      about: "a",
      scale: lerp(0.6, 1, arrive(part(now.phase(2), 0.42, 0.55))),
      opacity: (1 - part(now.phase(3), 0.06, 0.14)) * opacity,
    });
  }
  if (now.phase(3) > 0.68) drawResult(pen, view, now, scene, legs, moving);
}

const curveRight = view => view.curve.x + view.curve.width / 2;

/** Phase 1: x from the tape, h from the loop; both stop before their boxes. */
function drawArriving(pen, view, now, { data }, legs, before, moving) {
  const e = ease(now.phase(0));
  const { size, gate } = view;
  const t = now.step;
  const { printed } = data;
  const stop = [view.sum, view.weighed + gate.height / 2 + size * 1.1];
  const up = rounded([...inputPath(view, now, t).slice(0, 3), stop], 14);
  const [x, y] = pen.along(up, e);
  const token = view.narrow ? data.short_tokens[t] : data.tokens[t];
  if (now.f > 0) {
    pen.pill("pass", "x", [x, Math.min(y, view.tape - 4)], e < 0.14 ? token : printed.x[t], data.x[t], {
      ...moving,
      about: "x",
      scale: lerp(0.85, 1, part(e, 0, 0.14)),
    });
  }
  const round = rounded([...legs.down, [view.recurrent - gate.width / 2 - size * 1.5, now.y]], 22);
  pen.pill("pass", "h.before", pen.along(round, e), printed.h[t], before, {
    ...moving,
    about: "h_past",
    moving: now.f > 0,
  });
}

/** Phases 2 and 3: in behind the box as itself, out as the product, and with the bias under the plus. */
function drawWeighing(pen, view, now, { data, opacity }, before, moving) {
  const q = now.phase(1);
  const add = now.phase(2);
  const t = now.step;
  const { printed } = data;
  const { size, gate } = view;
  const into = ease(part(q, 0.16, 0.42));
  const outOf = ease(part(q, 0.58, 0.95));
  const meet = ease(part(add, 0.05, 0.4));
  const product = q > 0.5;
  const fade = (1 - part(add, 0.33, 0.42)) * opacity;
  const look = { ...moving, opacity: fade, scale: product ? 1 : lerp(1, 0.8, into) };
  const way = (stop, box, end, meeting) =>
    lerp(product ? lerp(box, end, outOf) : lerp(stop, box, into), meeting, meet);
  const y = way(
    view.weighed + gate.height / 2 + size * 1.1,
    view.weighed,
    (view.weighed - gate.height / 2 + now.y + view.plus) / 2,
    now.y,
  );
  pen.pill(
    "pass",
    "x",
    [view.sum, y],
    product ? printed.x_terms[t] : printed.x[t],
    product ? data.x_terms[t] : data.x[t],
    { ...look, about: "w_x" },
  );
  const between = (view.recurrent + gate.width / 2 + view.sum - view.plus) / 2;
  const x = way(view.recurrent - gate.width / 2 - size * 1.5, view.recurrent, between, view.sum);
  pen.pill(
    "pass",
    "h.before",
    [x, now.y],
    product ? printed.h_terms[t] : printed.h[t],
    product ? data.h_terms[t] : before,
    { ...look, about: "w_h" },
  );
  if (add > 0.02)
    pen.pill("pass", "b", [view.sum, lerp(view.bias, now.y, meet)], printed.b, data.b, { ...moving, opacity: fade });
}

/** Phases 4 and 5: h appears at the height of the curve, drops to the wire, and goes around. */
function drawResult(pen, view, now, { data, opacity }, legs, moving) {
  const t = now.step;
  const look = { ...moving, about: "h" };
  if (now.phase(4) <= 0) {
    const from = curvePlace(view, now, 0).ofState(data.h[t]);
    const y = lerp(from, now.y, ease(part(now.phase(3), 0.82, 1)));
    pen.pill("token", "h", [curveRight(view), y], data.printed.h[t + 1], data.h[t], {
      ...look,
      scale: lerp(0.5, 1, arrive(part(now.phase(3), 0.68, 0.8))),
    });
    return;
  }
  const e = ease(now.phase(4));
  pen.trail("trail.back", legs.back, e, opacity * now.glow);
  pen.pill("token", "h", pen.along(legs.back, e), data.printed.h[t + 1], data.h[t], look);
}
