// A scale of seconds below bars: where it ends, and its ticks.

import { make } from "./dom.js";

const TICKS = 6;
export const LEAST_SECONDS = 0.5;
const STEPS_OF_SCALE = [1, 2, 5];

/** The seconds between two ticks: 1, 2 or 5 times a power of ten. */
function tickOf(seconds) {
  const rough = seconds / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = STEPS_OF_SCALE.find((step) => step * power >= rough) ?? 10;
  return times * power;
}

/** The end of the scale: at the last second of what is over; with room to grow while it runs. */
export function endOf(seconds, isRunning) {
  const least = Math.max(seconds, LEAST_SECONDS);
  if (!isRunning) return least;
  const tick = tickOf(least * 1.15);
  return Math.ceil((least * 1.05) / tick) * tick;
}

/** The ticks of a scale with that end, of that class, in `scale`; `rows` gets their distance. */
export function showScale(scale, rows, end, className) {
  if (scale.wbEnd === end) return;
  scale.wbEnd = end;
  const tick = tickOf(end);
  const digits = Math.max(0, Math.ceil(-Math.log10(tick)));
  const ticks = [];
  for (let at = 0; at * tick <= end * 0.985; at += 1) {
    const mark = make("span", className, `${(at * tick).toFixed(digits)} s`);
    mark.style.left = `${(100 * at * tick) / end}%`;
    ticks.push(mark);
  }
  scale.replaceChildren(...ticks);
  rows.style.setProperty("--wb-tick", `${(100 * tick) / end}%`);
}
