// The lines of what was tried, drawn over the bands, from box to box.

import { make, set } from "../kit/dom.js";
import { draw } from "../kit/svg.js";

const ASIDE = [0, -14, 14, -28, 28];
const DIP = 26;
const HEIGHT = 19;
const MOST_STEPS = 12;

/** The path between two boxes and where its words stand: under both, or across the gap. */
export function curveOf(from, to, aside) {
  const x1 = from.x + from.width / 2 + aside;
  const x2 = to.x + to.width / 2 + aside + 6;
  const isLevel = Math.abs(from.y - to.y) < from.height;
  const isDown = isLevel || from.y < to.y;
  const y1 = isDown ? from.y + from.height : from.y;
  const y2 = isLevel || !isDown ? to.y + to.height : to.y;
  const [bend1, bend2] = isLevel ? [y1 + DIP, y2 + DIP] : [(y1 + y2) / 2, (y1 + y2) / 2];
  const y = (y1 + 3 * bend1 + 3 * bend2 + y2) / 8;
  const path = `M${x1},${y1} C${x1},${bend1} ${x2},${bend2} ${x2},${y2}`;
  return { path, x: (x1 + x2) / 2, y, x2, y2, isLevel };
}

/** {box, show(content), end()}: the bands with the lines over them, drawn again at each new size. */
export function makeLines(bands) {
  const layers = ["lines", "labels"].map((name) =>
    draw("svg", { class: `wb-net-${name}`, "aria-hidden": "true" }));
  const box = make("div", "wb-net-map", bands.element, ...layers);
  let lines = [];
  let waiting = 0;

  function rectOf(element, origin) {
    const rect = element.getBoundingClientRect();
    return { x: rect.x - origin.x, y: rect.y - origin.y, width: rect.width, height: rect.height };
  }

  function redraw() {
    waiting = 0;
    const origin = box.getBoundingClientRect();
    if (!origin.width) return;
    for (const layer of layers) {
      set(layer, "width", String(origin.width));
      set(layer, "height", String(origin.height));
    }
    const used = new Map();
    const taken = [];
    const spots = lines.map((line) => {
      const ends = [bands.find(line, line.from), bands.find(line, line.to)];
      if (!ends[0] || !ends[1]) return null;
      const pair = [line.from, line.to || line.goal].sort().join();
      const at = used.get(pair) ?? 0;
      used.set(pair, at + 1);
      const [from, to] = ends.map((end) => rectOf(end, origin));
      return { line, ...curveOf(from, to, ASIDE[at % ASIDE.length]) };
    });
    const drawn = spots.filter(Boolean);
    layers[0].replaceChildren(...drawn.map((spot) => groupOf("line", spot, lineOf(spot))));
    layers[1].replaceChildren(
      ...drawn.map((spot) => groupOf("label", spot, labelOf(spot, freeSpot(spot, taken)))));
  }

  function groupOf(kind, { line }, elements) {
    const group = draw("g", { class: `wb-net-${kind}`, "data-outcome": line.outcome });
    group.append(...elements);
    return group;
  }

  const lineOf = ({ path }) => [draw("path", { d: path })];

  const widthOf = (line) => line.label.length * 7.8 + 18;

  /** How far down the words of a line stand: where they belong, else as near as others let them.
   *
   * Under two boxes that is further down. Between two bands it is rather further up: below is the
   * name of the lower one.
   */
  function freeSpot({ line, x, y, isLevel }, taken) {
    const width = widthOf(line);
    const isFree = (there) => !taken.some((one) =>
      Math.abs(one.y - there) < HEIGHT && Math.abs(one.x - x) < (width + one.width) / 2);
    let spot = y;
    for (let step = 1; !isFree(spot) && step < MOST_STEPS; step++) {
      const apart = isLevel ? step : (step % 2 ? -1 : 1) * Math.ceil(step / 2);
      spot = y + apart * HEIGHT;
    }
    taken.push({ x, y: spot, width });
    return spot;
  }

  function labelOf({ line, x, x2, y2 }, y) {
    const width = widthOf(line);
    return [
      draw("circle", { cx: x2, cy: y2, r: 4 }),
      draw("rect", { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 }),
      draw("text", { x, y: y + 4, "text-anchor": "middle" }, line.label),
    ];
  }

  function later() {
    if (!waiting) waiting = requestAnimationFrame(redraw);
  }
  const sizes = new ResizeObserver(later);
  sizes.observe(box);

  return {
    box,
    show(content) {
      lines = content.lines;
      later();
    },
    end() {
      sizes.disconnect();
      cancelAnimationFrame(waiting);
    },
  };
}
