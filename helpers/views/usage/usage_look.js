// How lines look, and the canvas that they are drawn on.

// Of the palette of Okabe and Ito, told apart by colour-blind eyes; dashes and shapes say it again.
export const LIGHT = ["#0072b2", "#c14f00", "#00805d", "#a8457d"];
export const DARK = ["#56b4e9", "#ff9d3c", "#2fc79a", "#e8a3cb"];
export const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
export const SHAPES = ["●", "■", "▲", "◆"];

/** A canvas as sharp as the screen, cleared, with its context and its size in points. */
export function surface(canvas, width = canvas.clientWidth, height = canvas.clientHeight) {
  const sharp = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * sharp) || canvas.height !== Math.round(height * sharp)) {
    canvas.width = Math.round(width * sharp);
    canvas.height = Math.round(height * sharp);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

export function hatch(pen, colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const brush = tile.getContext("2d");
  brush.strokeStyle = colour;
  brush.lineWidth = 1.2;
  brush.beginPath();
  for (const shift of [-6, 0, 6]) {
    brush.moveTo(shift, 6);
    brush.lineTo(shift + 6, 0);
  }
  brush.stroke();
  return pen.createPattern(tile, "repeat");
}

/** Adds a line through the values, broken where there is none; `y` turns one into a height. */
export function trace(pen, line, values, from, x, y) {
  let drawing = false;
  for (let at = Math.max(from - 1, 0); at < line.at.length; at += 1) {
    if (Number.isNaN(values[at])) {
      drawing = false;
      continue;
    }
    const [px, py] = [x(line.at[at]), y(values[at])];
    if (drawing) pen.lineTo(px, py);
    else pen.moveTo(px, py);
    drawing = true;
  }
}
