// Values as words: numbers, sizes, permissions, and what is filled into a sentence.

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
const numbers = new Intl.NumberFormat("en");

/** The words with {name} replaced; the values are text. */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A count as English writes it: 60,000. */
export const countText = (count) => numbers.format(count);

/** Bytes as helpers/model/text/units.py writes them: three figures, decimal units. */
export function sizeText(bytes) {
  let [size, power] = [bytes, 0];
  while (size >= 999.5 && power < UNITS.length - 1) [size, power] = [size / 1000, power + 1];
  return `${size < 1000 ? +size.toPrecision(3) : Math.round(size)} ${UNITS[power]}`;
}

/** Permission bits as `ls -l` writes them. */
export function modeText(mode, type) {
  const first = "-dlbp?"[type] ?? "?";
  const bits = [6, 3, 0].map((at) => {
    const three = (mode >> at) & 7;
    return (three & 4 ? "r" : "-") + (three & 2 ? "w" : "-") + (three & 1 ? "x" : "-");
  });
  const special = [0o4000, 0o2000, 0o1000].map((bit) => mode & bit);
  return (
    first +
    bits
      .map((text, at) => {
        if (!special[at]) return text;
        const letter = at < 2 ? "s" : "t";
        return text.slice(0, 2) + (text[2] === "x" ? letter : letter.toUpperCase());
      })
      .join("")
  );
}

/** Seconds as helpers/model/text/units.py writes them, never in ms, so that a clock counts evenly. */
export function secondsText(seconds) {
  if (seconds >= 60) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  return seconds >= 10 ? `${seconds.toFixed(1)} s` : `${seconds.toFixed(2)} s`;
}
