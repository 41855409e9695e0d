// What was used, as texts: sizes as `docker stats` writes them, and n/a for what is not told.

/** Three digits and a unit; what stands still loses its trailing zeros, what moves keeps them. */
function scaled(value, base, units, isStill) {
  let power = 0;
  while (Math.abs(value) >= base - 0.5 && power < units.length - 1) {
    value /= base;
    power += 1;
  }
  const digits = value >= 100 || power === 0 ? value.toFixed(0) : value.toPrecision(3);
  return `${isStill ? Number(digits) : digits} ${units[power]}`;
}
export const binary = (value, isStill) => scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"], isStill);
export const decimal = (value, isStill) => scaled(value, 1000, ["B", "kB", "MB", "GB", "TB"], isStill);
export const still = (value) => binary(value, true);
export const perSecond = (value) => `${decimal(value)}/s`;
export const perSecondStill = (value) => `${decimal(value, true)}/s`;
export const percent = (value) => `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
export const count = (value) => value.toFixed(0);
export const isKnown = (value) => value !== undefined && value !== null && !Number.isNaN(value);
export const orNone = (value, shown, words) => (isKnown(value) ? shown(value) : words.none);

/** A round step that divides 0 to `most` into about `parts`. */
export function stepFor(most, base, parts) {
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log(most) / Math.log(1024)) : 1;
  const rough = most / unit / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const sizes = base === 1024 && rough >= 1 ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] : null;
  const round = sizes ?? [1, 2, 5, 10].map((size) => size * power);
  return (round.find((size) => size >= rough * 0.8) ?? round.at(-1)) * unit;
}
