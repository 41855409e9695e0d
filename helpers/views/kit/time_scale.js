// A scale of seconds below bars: where it ends, its ticks, and the clock that moves the bars. The
// style beside it is that of a view with such bars, whose outermost element has the class wb-time.

import { make } from "./dom.js";

const TICKS = 6;
const CLOCK_MS = 80;
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

/** The ticks of a scale with that end, in `scale`; `rows` gets their distance. */
export function showScale(scale, rows, end) {
  if (scale.wbEnd === end) return;
  scale.wbEnd = end;
  const tick = tickOf(end);
  const digits = Math.max(0, Math.ceil(-Math.log10(tick)));
  const ticks = [];
  for (let at = 0; at * tick <= end * 0.985; at += 1) {
    const mark = make("span", "wb-tick", `${(at * tick).toFixed(digits)} s`);
    mark.style.left = `${(100 * at * tick) / end}%`;
    ticks.push(mark);
  }
  scale.replaceChildren(...ticks);
  rows.style.setProperty("--wb-tick", `${(100 * tick) / end}%`);
}

/** Calls `move` several times a second while `isMoving` says so; gives what ends that. */
export function startClock(isMoving, move) {
  let timer = 0;
  let isGone = false;
  const tick = () => {
    if (isGone) return;
    if (isMoving()) move();
    timer = setTimeout(() => requestAnimationFrame(tick), CLOCK_MS);
  };
  tick();
  return () => {
    isGone = true;
    clearTimeout(timer);
  };
}
