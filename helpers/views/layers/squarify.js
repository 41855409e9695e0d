/** Rectangles for values (the largest first) in a rectangle, each as square as can be.
    Bruls, Huizing, van Wijk: Squarified Treemaps, 2000. */
export function squarify(values, x, y, width, height) {
  const boxes = [];
  const sum = values.reduce((total, value) => total + value, 0);
  const scale = sum ? (width * height) / sum : 0;
  let at = 0;
  while (at < values.length) {
    const side = Math.min(width, height);
    let end = at;
    let row = 0;
    let best = Infinity;
    while (end < values.length) {
      const more = row + values[end] * scale;
      const [high, low] = [values[at] * scale, values[end] * scale];
      const worst = Math.max((side * side * high) / more ** 2, more ** 2 / (side * side * low));
      if (worst > best) break;
      [best, row, end] = [worst, more, end + 1];
    }
    if (end === at) end = at + 1;
    const depth = side ? row / side : 0;
    let along = 0;
    for (; at < end; at += 1) {
      const length = depth ? (values[at] * scale) / depth : 0;
      if (width >= height) boxes.push([x, y + along, depth, length]);
      else boxes.push([x + along, y, length, depth]);
      along += length;
    }
    if (width >= height) [x, width] = [x + depth, Math.max(width - depth, 0)];
    else [y, height] = [y + depth, Math.max(height - depth, 0)];
  }
  return boxes;
}
