// Requests as strokes in order of time: short where answered, tall where failed.

import { make, set } from "./dom.js";
import { draw } from "./svg.js";

const STEP = 3;
const HEIGHT = 64;
const HEADS = { answer: 22, failure: HEIGHT };

/** A stroke of that kind alone, as beside its name in a table. */
export function sampleOf(kind, look) {
  const sample = draw("svg", { class: "wb-strokes-sample", viewBox: "0 0 8 22", "aria-hidden": "true" });
  sample.append(draw("path", { class: "wb-stroke", d: "M4,22 V0", "data-kind": kind, "data-look": look }));
  return sample;
}

/**
 * {box, show({strokes, series, width, scale, label})}: one path for each series. A stroke is the
 * positions of its answer and of its failure in `series`, or -1.
 */
export function makeStrokes() {
  const picture = draw("svg", { class: "wb-strokes", preserveAspectRatio: "none", role: "img" });
  const scale = make("div", "wb-strokes-scale");
  scale.setAttribute("aria-hidden", "true");
  const box = make("div", "wb-strokes-box", picture, scale);
  let shownScale = "";

  function pathOf(strokes, at, kind) {
    const end = kind === "answer" ? 0 : 1;
    const parts = [];
    strokes.forEach((stroke, index) => {
      if (stroke[end] === at) parts.push(`M${index * STEP + STEP / 2},${HEIGHT}v${-HEADS[kind]}`);
    });
    return parts.join("");
  }

  function show({ strokes, series, width, scale: labels, label }) {
    set(picture, "viewBox", `0 0 ${width * STEP} ${HEIGHT}`);
    set(picture, "aria-label", label);
    const kinds = series.map((one) => (one.answer ? "answer" : "failure"));
    const order = [...series.keys()].sort((a, b) => kinds[b].localeCompare(kinds[a]));
    while (picture.children.length < order.length) picture.append(draw("path", { class: "wb-stroke" }));
    order.forEach((at, index) => {
      const path = picture.children[index];
      set(path, "data-kind", kinds[at]);
      set(path, "data-look", String(series[at].look));
      set(path, "d", pathOf(strokes, at, kinds[at]));
    });
    const key = JSON.stringify([labels, width]);
    if (key === shownScale) return;
    shownScale = key;
    scale.replaceChildren(...labels.filter(([at]) => at <= width).map(([at, text]) => {
      const mark = make("span", "", text);
      mark.style.left = `${(100 * at) / width}%`;
      return mark;
    }));
  }

  return { box, show };
}
