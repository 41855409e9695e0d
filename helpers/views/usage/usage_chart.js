// One chart of the usage view: scale, lines, limits, marks of what happened, a line through time.

import { make, say } from "../kit/dom.js";
import { after } from "./usage_history.js";
import { DASHES, hatch, surface, trace } from "./usage_look.js";
import { isKnown, orNone, stepFor } from "./usage_numbers.js";
import { fill } from "../kit/words.js";

/**
 * A chart: what it is of, in `parts` (two of them are drawn up and down from a middle line).
 * `limit(member)` is drawn as a line, unless it is far above what is used.
 */
export function makeChart(kind) {
  const box = make("div", `wb-u-chart wb-u-${kind.key}`);
  const title = make("div", "wb-u-chart-title");
  const name = make("b");
  const note = make("span", "wb-u-note");
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  title.append(name, note);
  box.append(title, canvas);

  function draw(scene) {
    const { words } = scene;
    say(name, words[kind.key]);
    const { pen, width, height } = surface(canvas);
    if (!width) return;
    const left = 62;
    const [top, bottom] = [10, height - 17];
    const x = (at) => left + ((at - scene.from) / (scene.to - scene.from)) * (width - left - 8);
    const two = kind.parts.length > 1;
    const most = highest(scene);
    const far = limitsOf(scene).filter(([, limit]) => limit > Math.max(most, 0) * 5);
    const near = limitsOf(scene).filter(([, limit]) => limit <= most * 5);
    const peak = Math.max(most * 1.12, ...near.map(([, limit]) => limit * 1.15), kind.least);
    const step = stepFor(peak, kind.base, two ? 1.6 : 3.2);
    const end = peak;
    const middle = two ? (top + bottom) / 2 : bottom;
    const y = (value) => middle - (value / end) * (middle - top);
    const down = (value) => middle + (value / end) * (bottom - middle);
    const hints = [words[`${kind.key}.note`]];
    drawScale({ pen, width, left, bottom, two, y, down, step, end, scene, x });
    pen.save();
    pen.beginPath();
    pen.rect(left, top - 6, width - left, bottom - top + 7);
    pen.clip();
    drawOthers(pen, scene, x, two ? [y, down] : [y]);
    if (kind.key === "memory" && scene.chosen.length === 1) {
      if (drawCache(pen, scene, x, y, middle)) hints.push(words["memory.cache"]);
    }
    drawMarks(pen, scene, x, top, bottom);
    for (const [member, slot] of scene.chosen) {
      drawLines(pen, scene, member, slot, x, two ? [y, down] : [y]);
    }
    pen.restore();
    drawLimits({ pen, width, left, scene, near, y });
    for (const [member, limit] of far.slice(0, 1)) {
      hints.push(fill(words["limit.above"], { value: kind.limitText(limit, words), member }));
    }
    drawCursor(pen, scene, x, top, bottom);
    say(note, hints.filter(Boolean).join(" · "));
    canvas.setAttribute("aria-label", described(scene));
  }

  function highest(scene) {
    let most = 0;
    for (const [member] of scene.chosen.length ? scene.chosen : scene.others) {
      const line = scene.history.of(member.number);
      if (!line) continue;
      for (let at = after(line.at, scene.from); at < line.at.length; at += 1) {
        for (const part of kind.parts) {
          const extra = part === "memory" && scene.chosen.length === 1 ? line.cache[at] || 0 : 0;
          if (line[part][at] + extra > most) most = line[part][at] + extra;
        }
      }
    }
    return most;
  }

  function limitsOf(scene) {
    const pairs = scene.chosen.map(([member, slot]) => [member, kind.limit?.(member), slot]);
    return pairs.filter(([, limit]) => isKnown(limit) && limit > 0);
  }

  function drawScale({ pen, width, left, bottom, two, y, down, step, end, scene, x }) {
    pen.font = scene.font;
    pen.fillStyle = scene.faint;
    pen.strokeStyle = scene.edge;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let value = 0; value <= end; value += step) {
      for (const height of two && value ? [y(value), down(value)] : [y(value)]) {
        pen.beginPath();
        pen.moveTo(left, Math.round(height) + 0.5);
        pen.lineTo(width, Math.round(height) + 0.5);
        pen.globalAlpha = value ? 0.55 : 1;
        pen.stroke();
        pen.globalAlpha = 1;
        pen.fillText(kind.axis(value), left - 6, height);
      }
    }
    pen.textBaseline = "alphabetic";
    const span = scene.to - scene.from;
    const fitting = (seconds) => ((width - left) / span) * seconds > 52;
    const each = [5, 15, 30, 60, 120, 300].find(fitting) ?? span;
    for (let ago = 0; ago <= span; ago += each) {
      pen.textAlign = ago === 0 ? "right" : ago > span - each / 2 ? "left" : "center";
      const text = ago === 0 ? scene.words.now : each < 60 ? `−${ago} s` : `−${ago / 60} min`;
      pen.fillText(text, x(scene.to - ago), bottom + 14);
    }
  }

  /** All that are not highlighted, thin and grey, in one stroke: so they do not add up to black. */
  function drawOthers(pen, scene, x, heights) {
    pen.strokeStyle = scene.faint;
    pen.globalAlpha = 0.35;
    pen.lineWidth = 1.1;
    pen.beginPath();
    for (const [member] of scene.others) {
      const line = scene.history.of(member.number);
      if (!line) continue;
      const from = after(line.at, scene.from);
      kind.parts.forEach((part, at) => trace(pen, line, line[part], from, x, heights[at]));
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function drawLines(pen, scene, member, slot, x, heights) {
    const line = scene.history.of(member.number);
    if (!line) return;
    const from = after(line.at, scene.from);
    pen.strokeStyle = scene.colours[slot];
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.setLineDash(DASHES[slot]);
    kind.parts.forEach((part, at) => {
      pen.beginPath();
      trace(pen, line, line[part], from, x, heights[at]);
      pen.stroke();
    });
    pen.setLineDash([]);
  }

  function drawCache(pen, scene, x, y, floor) {
    const [member, slot] = scene.chosen[0];
    const line = scene.history.of(member.number);
    if (!line || !line.at.length) return false;
    const from = Math.max(after(line.at, scene.from) - 1, 0);
    const first = x(line.at[from]);
    const last = x(line.at.at(-1));
    pen.beginPath();
    trace(pen, line, line.memory, from, x, y);
    pen.lineTo(last, floor);
    pen.lineTo(first, floor);
    pen.globalAlpha = 0.16;
    pen.fillStyle = scene.colours[slot];
    pen.fill();
    pen.globalAlpha = 1;
    if (!line.cache.slice(from).some((value) => value > 0)) return false;
    pen.beginPath();
    for (let at = from; at < line.at.length; at += 1) {
      pen.lineTo(x(line.at[at]), y(line.memory[at] + (line.cache[at] || 0)));
    }
    for (let at = line.at.length - 1; at >= from; at -= 1) {
      pen.lineTo(x(line.at[at]), y(line.memory[at]));
    }
    pen.fillStyle = hatch(pen, scene.faint);
    pen.fill();
    return true;
  }

  function drawMarks(pen, scene, x, top, bottom) {
    pen.font = scene.font;
    let free = -Infinity;
    for (const [at, number, sign] of scene.marks) {
      const entry = scene.chosen.find(([member]) => member.number === number);
      if (!entry || at < scene.from || at > scene.to) continue;
      pen.strokeStyle = pen.fillStyle = scene.colours[entry[1]];
      pen.lineWidth = 1;
      pen.setLineDash([2, 2]);
      pen.beginPath();
      pen.moveTo(x(at), top + 4);
      pen.lineTo(x(at), bottom);
      pen.stroke();
      pen.setLineDash([]);
      // Signs of one moment stand beside each other.
      free = Math.min(Math.max(x(at), free), x(scene.to));
      pen.textAlign = "center";
      pen.fillText(sign, free, top + 2);
      free += 12;
    }
  }

  function drawLimits({ pen, width, left, scene, near, y }) {
    const taken = [];
    for (const [, limit, slot] of near) {
      const height = Math.round(y(limit)) + 0.5;
      pen.strokeStyle = scene.colours[slot];
      pen.lineWidth = 1.5;
      pen.setLineDash([10, 4]);
      pen.beginPath();
      pen.moveTo(left, height);
      pen.lineTo(width, height);
      pen.stroke();
      pen.setLineDash([]);
      if (taken.some((other) => Math.abs(other - height) < 12)) continue;
      taken.push(height);
      const text = fill(scene.words.limit, { value: kind.limitText(limit, scene.words) });
      pen.textAlign = "left";
      pen.font = scene.font;
      const size = pen.measureText(text).width;
      pen.fillStyle = scene.paper;
      pen.globalAlpha = 0.8;
      pen.fillRect(left + 3, height - 15, size + 6, 13);
      pen.globalAlpha = 1;
      pen.fillStyle = scene.ink;
      pen.fillText(text, left + 6, height - 4);
    }
  }

  function drawCursor(pen, scene, x, top, bottom) {
    if (scene.cursor === null) return;
    pen.strokeStyle = scene.ink;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x(scene.cursor), top - 6);
    pen.lineTo(x(scene.cursor), bottom);
    pen.stroke();
  }

  function described(scene) {
    const newest = scene.chosen.map(([member]) => {
      const line = scene.history.of(member.number);
      const values = kind.parts.map((part) => orNone(line?.[part].at(-1), kind.text, scene.words));
      return `${member.name} ${values.join(" / ")}`;
    });
    return `${scene.words[kind.key]}: ${newest.join(", ")}`;
  }

  return { box, canvas, draw, left: 62 };
}
