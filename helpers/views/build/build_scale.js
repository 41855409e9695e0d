const TICKS = 6;
export const LEAST_SECONDS = 0.5;
const STEPS_OF_SCALE = [1, 2, 5];

/** The seconds between two ticks: 1, 2 or 5 times a power of ten. */
export function tickOf(seconds) {
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
