// The namespaces of both and of the host, three rings a kind: those touch that are one namespace.

import { make, makeEach, set } from "../kit/dom.js";
import { draw } from "../kit/svg.js";

const RADIUS = 16;
const LETTERS = ["A", "B", "H"];

/** The centres of a, b and the host. */
function spots(ring) {
  const spot = (side) => {
    const sign = side ? 1 : -1;
    if (ring.host[side]) return [sign * 22, -12];
    return ring.between ? [sign * RADIUS, -44] : [sign * 36, -40];
  };
  return [spot(0), spot(1), [0, 0]];
}

/** One kind of namespace: the rings, its name, and for those who do not see them a sentence. */
function ringPicture(ring, notKnown) {
  const svg = draw("svg", { viewBox: "-58 -66 116 88", role: "img", "aria-label": ring.line });
  svg.append(draw("title", {}, ring.line));
  spots(ring).forEach(([x, y], at) => {
    const known = ring.inodes[at] !== notKnown;
    const kind = `wb-iso-ring wb-iso-ring-${at}${known ? "" : " wb-iso-unknown"}`;
    svg.append(
      draw("circle", { cx: x, cy: y, r: RADIUS, class: kind }),
      draw("text", { x, y: y + 5, "text-anchor": "middle" }, known ? LETTERS[at] : `${LETTERS[at]}?`),
    );
  });
  return svg;
}

/** One kind: its name, its rings, and their inodes. */
function figureOf(ring, notKnown) {
  const inodes = make("div", "wb-iso-inodes");
  ring.inodes.forEach((inode, at) => inodes.append(make("div", "", `${LETTERS[at]} ${inode}`)));
  const figure = make("div", "wb-iso-kind", make("div", "wb-iso-name", ring.kind));
  figure.append(ringPicture(ring, notKnown), inodes);
  set(figure, "data-kind", ring.kind);
  return figure;
}

/** All kinds beside each other, and a function that shows others. */
export function makeRings() {
  const box = make("div", "wb-iso-rings");
  function show(rings, notKnown) {
    makeEach(box, rings, (ring) => figureOf(ring, notKnown));
  }
  return { box, show };
}
