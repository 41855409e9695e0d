// What containers use, as it moves. The page keeps the history: of each tick it is sent the newest
// numbers alone, as a packet (usage_packet.py says how it is made), and `content` from Python when a
// name, a state, a limit, an event or the engine's absence is new (live_usage.py says what is in it).
//
// Every text is set as text, never as HTML. There is no English in here: all words come with the
// content. While a page shows the view it says so to the kernel now and then ({kind: "here"}), and
// once more when it goes; a page that comes late asks for what was before ({kind: "history"}).

const HERE_MS = 60000;
const KEPT_S = 620;
const SPANS_S = [60, 300, 600];
const SILENT_S = 5;
const SORT_MS = 2500;
const ROW_PX = 27;
const MOST = 4;
const MANY = 6;
// Of the palette of Okabe and Ito, told apart by colour-blind eyes; dashes and shapes say it again.
const LIGHT = ["#0072b2", "#c14f00", "#00805d", "#a8457d"];
const DARK = ["#56b4e9", "#ff9d3c", "#2fc79a", "#e8a3cb"];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const SHAPES = ["●", "■", "▲", "◆"];
const COLUMNS = ["name", "state", "cpu", "memory", "network", "block", "pids"];

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** The text only where it is new, so that a screen reader is told of changes alone. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const fill = (words, values) =>
  words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

// Numbers -------------------------------------------------------------------------------------

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
const binary = (value, isStill) => scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"], isStill);
const decimal = (value, isStill) => scaled(value, 1000, ["B", "kB", "MB", "GB", "TB"], isStill);
const still = (value) => binary(value, true);
const perSecond = (value) => `${decimal(value)}/s`;
const perSecondStill = (value) => `${decimal(value, true)}/s`;
const percent = (value) => `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
const count = (value) => value.toFixed(0);
const told = (value) => value !== undefined && value !== null && !Number.isNaN(value);
const orNone = (value, shown, words) => (told(value) ? shown(value) : words.none);

/** A round step that divides 0 to `most` into about `parts`. */
function stepFor(most, base, parts) {
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log(most) / Math.log(1024)) : 1;
  const rough = most / unit / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const sizes = base === 1024 && rough >= 1 ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] : null;
  const round = sizes ?? [1, 2, 5, 10].map((size) => size * power);
  return (round.find((size) => size >= rough * 0.8) ?? round.at(-1)) * unit;
}

// History -------------------------------------------------------------------------------------

/** All that was told of each container by number: times, and a list for each field. */
function makeHistory() {
  let series = new Map();
  let newest = { at: 0, rate: null };
  let arrived = 0;

  function take(at, view, fields) {
    for (let place = 0; place < view.byteLength; ) {
      const number = view.getUint16(place, true);
      const mask = view.getUint16(place + 2, true);
      place += 4;
      if (!series.has(number)) {
        series.set(number, { at: [], ...Object.fromEntries(fields.map((name) => [name, []])) });
      }
      const line = series.get(number);
      line.at.push(at);
      fields.forEach((name, bit) => {
        const values = line[name];
        if (mask & (1 << bit)) {
          values.push(view.getFloat32(place, true));
          place += 4;
        } else {
          values.push(values.length ? values.at(-1) : NaN);
        }
      });
    }
  }

  function forget(at) {
    for (const [number, line] of series) {
      const old = line.at.findIndex((time) => time > at - KEPT_S);
      if (old === -1) series.delete(number);
      else if (old > 200) for (const values of Object.values(line)) values.splice(0, old);
    }
  }

  return {
    of: (number) => series.get(number),
    newest: () => newest,
    age: () => (arrived ? (performance.now() - arrived) / 1000 : Infinity),
    tick(head, view, fields) {
      take(head.at, view, fields);
      newest = { at: head.at, rate: head.rate };
      arrived = performance.now();
      forget(head.at);
    },
    replay(ticks, view, fields) {
      series = new Map();
      let place = view.byteOffset;
      for (const [at, length] of ticks) {
        take(at, new DataView(view.buffer, place, length), fields);
        place += length;
        newest = { at, rate: newest.rate };
      }
    },
  };
}

const viewOf = (buffer) =>
  buffer instanceof DataView
    ? buffer
    : new DataView(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);

/** Where in sorted times the first one after `at` stands. */
function after(times, at) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Charts --------------------------------------------------------------------------------------

/** A canvas as sharp as the screen, cleared, with its context and its size in points. */
function surface(canvas, width = canvas.clientWidth, height = canvas.clientHeight) {
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

function hatch(pen, colour) {
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
function trace(pen, line, values, from, x, y) {
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

/**
 * A chart: what it is of, in `parts` (two of them are drawn up and down from a middle line).
 * `limit(member)` is drawn as a line, unless it is far above what is used.
 */
function makeChart(kind) {
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
    for (const [member, place] of scene.chosen) {
      drawLines(pen, scene, member, place, x, two ? [y, down] : [y]);
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
    const pairs = scene.chosen.map(([member, place]) => [member, kind.limit?.(member), place]);
    return pairs.filter(([, limit]) => told(limit) && limit > 0);
  }

  function drawScale({ pen, width, left, bottom, two, y, down, step, end, scene, x }) {
    pen.font = scene.font;
    pen.fillStyle = scene.faint;
    pen.strokeStyle = scene.edge;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let value = 0; value <= end; value += step) {
      for (const place of two && value ? [y(value), down(value)] : [y(value)]) {
        pen.beginPath();
        pen.moveTo(left, Math.round(place) + 0.5);
        pen.lineTo(width, Math.round(place) + 0.5);
        pen.globalAlpha = value ? 0.55 : 1;
        pen.stroke();
        pen.globalAlpha = 1;
        pen.fillText(kind.axis(value), left - 6, place);
      }
    }
    pen.textBaseline = "alphabetic";
    const span = scene.to - scene.from;
    const each = span <= 60 ? 15 : span <= 300 ? 60 : 120;
    for (let ago = 0; ago <= span; ago += each) {
      pen.textAlign = ago === 0 ? "right" : ago === span ? "left" : "center";
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

  function drawLines(pen, scene, member, place, x, heights) {
    const line = scene.history.of(member.number);
    if (!line) return;
    const from = after(line.at, scene.from);
    pen.strokeStyle = scene.colours[place];
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.setLineDash(DASHES[place]);
    kind.parts.forEach((part, at) => {
      pen.beginPath();
      trace(pen, line, line[part], from, x, heights[at]);
      pen.stroke();
    });
    pen.setLineDash([]);
  }

  function drawCache(pen, scene, x, y, floor) {
    const [member, place] = scene.chosen[0];
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
    pen.fillStyle = scene.colours[place];
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
      const found = scene.chosen.find(([member]) => member.number === number);
      if (!found || at < scene.from || at > scene.to) continue;
      pen.strokeStyle = pen.fillStyle = scene.colours[found[1]];
      pen.lineWidth = 1;
      pen.setLineDash([2, 2]);
      pen.beginPath();
      pen.moveTo(x(at), top + 4);
      pen.lineTo(x(at), bottom);
      pen.stroke();
      pen.setLineDash([]);
      // Signs of one moment stand beside each other.
      free = Math.max(x(at), free);
      pen.textAlign = "center";
      pen.fillText(sign, free, top + 2);
      free += 12;
    }
  }

  function drawLimits({ pen, width, left, scene, near, y }) {
    const taken = [];
    for (const [, limit, place] of near) {
      const height = Math.round(y(limit)) + 0.5;
      pen.strokeStyle = scene.colours[place];
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

const CHARTS = [
  {
    key: "cpu", parts: ["cpu"], base: 10, least: 5, text: percent, axis: (value) => `${value} %`,
    limit: (member) => member.cores && member.cores * 100,
    limitText: (limit, words) => fill(words.cores, { count: limit / 100 }),
  },
  {
    key: "memory", parts: ["memory"], base: 1024, least: 1024 ** 2, text: binary, axis: still,
    limit: (member) => member.memory, limitText: still,
  },
  { key: "network", parts: ["rx", "tx"], base: 10, least: 1000, text: perSecond,
    axis: perSecondStill },
  { key: "block", parts: ["read", "write"], base: 10, least: 1000, text: perSecond,
    axis: perSecondStill },
  {
    key: "pids", parts: ["pids"], base: 10, least: 4, text: count, axis: (value) => `${value}`,
    limit: (member) => member.pids, limitText: count,
  },
];

// The table -----------------------------------------------------------------------------------

/** A bar with a value in it: how full, and a text that stays text. */
function makeGauge() {
  const box = make("div", "wb-u-gauge");
  const level = make("div", "wb-u-level");
  const extra = make("div", "wb-u-extra");
  const text = make("span");
  box.append(level, extra, text);
  return {
    box,
    show(words, share, more = 0, isBound = false) {
      say(text, words);
      const full = Math.min(Math.max(share || 0, 0), 1);
      level.style.width = `${full * 100}%`;
      extra.style.left = `${full * 100}%`;
      extra.style.width = `${Math.min(more || 0, 1 - full) * 100}%`;
      box.classList.toggle("wb-u-full", isBound && share + (more || 0) > 0.9);
      box.classList.toggle("wb-u-bounded", isBound);
    },
  };
}

function makeRow(number, onToggle) {
  const row = make("tr");
  row.dataset.number = number;
  const button = make("button", "wb-u-name");
  const shape = make("span", "wb-u-shape");
  const name = make("span", "wb-u-label");
  const state = make("td", "wb-u-state");
  const [cpu, memory] = [makeGauge(), makeGauge()];
  const spark = make("canvas", "wb-u-spark");
  spark.setAttribute("aria-hidden", "true");
  const [network, block, pids] = ["", "", ""].map(() => make("td", "wb-u-number"));
  const head = make("th");
  head.scope = "row";
  button.type = "button";
  button.append(shape, name);
  head.append(button);
  const [first, second, both] = [make("td"), make("td"), make("div", "wb-u-both")];
  both.append(spark, cpu.box);
  first.append(both);
  second.append(memory.box);
  row.append(head, state, first, second, network, block, pids);
  button.addEventListener("click", () => onToggle(number));

  function show(member, place, scene) {
    const { words } = scene;
    const line = scene.history.of(number);
    const last = (part) => (member.isOn ? line?.[part].at(-1) : NaN);
    say(name, member.name);
    button.title = member.name;
    button.setAttribute("aria-pressed", String(place !== null));
    say(shape, place === null ? "○" : SHAPES[place]);
    row.style.setProperty("--wb-row", place === null ? "inherit" : scene.colours[place]);
    row.classList.toggle("wb-u-chosen", place !== null);
    row.classList.toggle("wb-u-off", !member.isOn);
    say(state, member.state);
    const throttled = last("throttled");
    const cores = member.cores || Math.max(1, scene.busiest / 100);
    cpu.box.title = throttled > 0 ? fill(words.throttled, { value: percent(throttled) }) : "";
    const slow = throttled > 0 ? " ▼" : "";
    const of = member.cores ? ` / ${percent(member.cores * 100)}` : "";
    cpu.show(orNone(last("cpu"), percent, words) + (told(last("cpu")) ? of + slow : ""),
      last("cpu") / (cores * 100), 0, Boolean(member.cores));
    const [used, limit] = [last("memory"), member.memory];
    const bound = limit ?? Math.max(scene.largest, 1);
    const text = orNone(used, binary, words) + (limit ? ` / ${still(limit)}` : "");
    const cache = last("cache") / bound;
    memory.show(told(used) ? text : words.none, used / bound, cache, Boolean(limit));
    const pair = (one, two) =>
      told(last(one)) || told(last(two))
        ? `${orNone(last(one), perSecond, words)} / ${orNone(last(two), perSecond, words)}`
        : words.none;
    say(network, pair("rx", "tx"));
    say(block, pair("read", "write"));
    const most = member.pids ? ` / ${member.pids}` : "";
    say(pids, told(last("pids")) ? count(last("pids")) + most : words.none);
  }

  function drawSpark(scene, place) {
    const { pen, width, height } = surface(spark, 84, 20);
    const line = scene.history.of(number);
    if (!line) return;
    const x = (at) => ((at - scene.from) / (scene.to - scene.from)) * width;
    const top = Math.max(100, scene.busiest);
    const y = (value) => height - 1 - (Math.min(value, top) / top) * (height - 3);
    const from = after(line.at, scene.from);
    pen.lineWidth = 1.2;
    pen.strokeStyle = place === null ? scene.faint : scene.colours[place];
    pen.beginPath();
    trace(pen, line, line.cpu, from, x, y);
    pen.stroke();
  }
  return { row, button, show, drawSpark };
}

/** The table of all containers, in the order that a click on a column's head asks for. */
function makeTable(state, onChange) {
  const box = make("div", "wb-u-table");
  const table = make("table");
  const head = make("thead");
  const body = make("tbody");
  const heads = new Map();
  const headRow = make("tr");
  const rows = new Map();
  let sorted = 0;
  for (const column of COLUMNS) {
    const cell = make("th");
    const button = make("button");
    button.type = "button";
    cell.scope = "col";
    cell.append(button);
    headRow.append(cell);
    heads.set(column, { cell, button });
    button.addEventListener("click", () => {
      const isSame = state.sort === column;
      state.down = isSame ? !state.down : !["name", "state"].includes(column);
      state.sort = column;
      sorted = 0;
      onChange();
    });
  }
  head.append(headRow);
  const widths = make("colgroup");
  widths.append(...COLUMNS.map((column) => make("col", `wb-u-col-${column}`)));
  table.append(widths, head, body);
  box.append(table);
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...body.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(document.activeElement) + step];
    if (next) next.focus();
    event.preventDefault();
  });
  let turn = 0;
  const isHeld = () => body.matches(":hover") || body.contains(document.activeElement);

  function show(scene, members, placeOf) {
    box.setAttribute("aria-label", scene.words.table);
    for (const [column, { cell, button }] of heads) {
      const isIt = state.sort === column;
      const arrow = isIt ? (state.down ? " ▼" : " ▲") : "";
      say(button, scene.words[`col.${column}`] + arrow);
      button.title = fill(scene.words["col.sort"], { column: scene.words[`col.${column}`] });
      if (isIt) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
    // What lies in sight is read before anything is written, which would cost a layout.
    const [first, last] = [box.scrollTop, box.scrollTop + (box.clientHeight || 322)];
    const shown = members.filter((member) => fits(member.name, state.filter));
    sort(shown, scene);
    const there = new Map(shown.map((member) => [member.number, member]));
    [...body.children].forEach((element, index) => {
      const number = Number(element.dataset.number);
      const isInSight = (index + 2) * ROW_PX > first && index * ROW_PX < last;
      // The others come round by and by, so that who reads without eyes is not told old numbers.
      if (!isInSight && (index + turn) % 8) return;
      const [row, place] = [rows.get(number), placeOf(number)];
      row.show(there.get(number), place, scene);
      if (isInSight) row.drawSpark(scene, place);
    });
    turn += 1;
  }

  /** The rows of these members in their order; a row that is pointed at or in focus stays put. */
  function sort(shown, scene) {
    const numbers = new Set(shown.map((member) => member.number));
    for (const [number, { row }] of rows) {
      if (!numbers.has(number)) {
        row.remove();
        rows.delete(number);
      }
    }
    const now = performance.now();
    const isDue = now - sorted > SORT_MS && !(sorted && isHeld());
    if (!isDue && rows.size === shown.length) return;
    sorted = now;
    for (const member of ordered(shown, state, scene)) {
      const { row } = rowOf(member.number);
      if (!row.parentNode || isDue) body.append(row);
    }
  }

  function rowOf(number) {
    if (!rows.has(number)) rows.set(number, makeRow(number, state.toggle));
    return rows.get(number);
  }
  return { box, show };
}

const fits = (name, filter) => name.toLowerCase().includes(filter.trim().toLowerCase());

/** A member's value by which a column sorts. */
function valueOf(member, column, history) {
  if (column === "name" || column === "state") return member[column];
  const line = history.of(member.number);
  if (!line || !member.isOn) return -1;
  const recent = (part) => {
    const values = line[part].slice(-6).filter((value) => !Number.isNaN(value));
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : -1;
  };
  const parts = CHARTS.find((chart) => chart.key === column).parts;
  return parts.reduce((sum, part) => sum + recent(part), 0);
}

function ordered(members, { sort, down }, { history }) {
  const values = new Map(members.map((one) => [one, valueOf(one, sort, history)]));
  const sign = down ? -1 : 1;
  return [...members].sort((one, other) => {
    const [a, b] = [values.get(one), values.get(other)];
    const order = typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
    return sign * order || one.number - other.number;
  });
}

// The view ------------------------------------------------------------------------------------

/** Signs of life to the kernel; gives what ends them. */
function keepInTouch(model) {
  const view = crypto.randomUUID?.() ?? String(Math.random());
  const send = (kind) => {
    try {
      model.send({ kind, view });
    } catch {
      // The kernel is gone; what was drawn stays.
    }
  };
  const timer = setInterval(() => send("here"), HERE_MS);
  send("here");
  return () => {
    clearInterval(timer);
    send("gone");
  };
}

function makeToolbar(state, onChange) {
  const box = make("div", "wb-u-tools");
  const pause = make("button");
  const span = make("select");
  const choice = make("select");
  const filter = make("input");
  pause.type = "button";
  filter.type = "search";
  box.append(pause, span, choice, filter);
  pause.addEventListener("click", () => {
    state.paused = state.paused === null ? state.now() : null;
    onChange();
  });
  span.addEventListener("change", () => {
    state.span = Number(span.value);
    onChange();
  });
  choice.addEventListener("change", () => {
    state.mode = choice.value;
    onChange();
  });
  filter.addEventListener("input", () => {
    state.filter = filter.value;
    onChange();
  });

  function options(select, pairs, value) {
    const wanted = JSON.stringify(pairs);
    if (select.dataset.options !== wanted) {
      select.dataset.options = wanted;
      select.replaceChildren(
        ...pairs.map(([key, text]) => Object.assign(make("option", "", text), { value: key })),
      );
    }
    select.value = value;
  }

  function show(content, size) {
    const { words } = content;
    say(pause, state.paused === null ? words.pause : words.resume);
    pause.setAttribute("aria-pressed", String(state.paused !== null));
    const spans = SPANS_S.map((seconds) => [
      String(seconds),
      seconds === 60 ? words.minute : fill(words.minutes, { count: seconds / 60 }),
    ]);
    options(span, spans, String(state.span));
    span.setAttribute("aria-label", words.span);
    const column = words[autoColumn(state)];
    const modes = [["auto", fill(words.auto, { count: Math.min(size, 3), column })]];
    options(choice, [...modes, ["mine", words.mine]], state.mode);
    choice.setAttribute("aria-label", words.highlight);
    choice.hidden = size <= MOST;
    filter.placeholder = words.filter;
    filter.setAttribute("aria-label", words.filter);
    filter.hidden = size <= MANY;
    box.hidden = Boolean(content.ended) && size <= 1;
  }
  return { box, show };
}

const autoColumn = (state) => (["name", "state"].includes(state.sort) ? "cpu" : state.sort);

function makeEvents() {
  const box = make("details", "wb-u-events");
  const title = make("summary");
  const list = make("ol");
  box.append(title, list);
  box.open = true;
  function show(content, names, clock) {
    say(title, content.words.events);
    box.hidden = !content.marks.length;
    const rows = [...content.marks].reverse().map(([at, number, sign, name, words]) => {
      const row = make("li");
      const who = make("b", "", names.get(number) ?? "?");
      row.append(make("time", "", clock(at)), who, make("code", "", `${sign} ${name}`),
        make("span", "", words));
      return row;
    });
    list.replaceChildren(...rows);
  }
  return { box, show };
}

function renderView({ model, el }, history, listen) {
  const root = make("div", "wb-u");
  root.dataset.lmSuppressShortcuts = "true";
  const [head, title, contact, trouble, read] = [
    "head", "title", "contact", "trouble", "read",
  ].map((name) => make("div", `wb-u-${name}`));
  const charts = CHARTS.map(makeChart);
  const grid = make("div", "wb-u-charts");
  grid.tabIndex = 0;
  grid.setAttribute("role", "group");
  grid.append(...charts.map((chart) => chart.box));
  let picked = [];
  let cursor = null;
  const state = {
    sort: "cpu", down: true, filter: "", span: SPANS_S[0], paused: null, mode: "auto",
    now: () => history.newest().at || Date.now() / 1000,
    toggle(number) {
      const mine = state.mode === "mine" ? picked : chosenNumbers();
      picked = mine.includes(number)
        ? mine.filter((one) => one !== number)
        : [...mine, number].slice(-MOST);
      state.mode = "mine";
      draw();
    },
  };
  const tools = makeToolbar(state, () => draw());
  const table = makeTable(state, () => draw());
  const events = makeEvents();
  title.setAttribute("aria-live", "off");
  trouble.setAttribute("role", "status");
  head.append(title, contact);
  root.append(head, trouble, tools.box, grid, read, table.box, events.box);
  el.replaceChildren(root);

  let members = [];
  function readMembers(content) {
    members = content.members.map(([number, name, status, memory, cores, pids]) => {
      const isOn = !["exited", "created", "dead", "removed"].includes(status);
      return { number, name, state: status, memory, cores, pids, isOn };
    });
  }

  let auto = { at: 0, numbers: [] };
  /** The numbers that are highlighted: the learner's choice, or the top ones, looked up at leisure. */
  function chosenNumbers() {
    const there = new Set(members.map((member) => member.number));
    if (members.length <= MOST && state.mode !== "mine") return [...there];
    if (state.mode === "mine") return picked.filter((number) => there.has(number));
    const now = performance.now();
    if (now - auto.at > SORT_MS || auto.sort !== state.sort) {
      const order = { sort: autoColumn(state), down: true };
      const top = ordered(members, order, { history }).slice(0, 3).map((one) => one.number);
      // Those that stay keep their colours.
      const kept = auto.numbers.map((number) => (top.includes(number) ? number : null));
      const fresh = top.filter((number) => !kept.includes(number));
      const free = [0, 1, 2].map((place) => kept[place] ?? fresh.shift());
      auto = { at: now, sort: state.sort, numbers: free.filter(told) };
    }
    return auto.numbers;
  }

  function sceneOf(content) {
    const look = getComputedStyle(root);
    const variable = (name) => look.getPropertyValue(name).trim();
    const isLight = document.body.dataset.jpThemeLight !== "false";
    const to = state.paused ?? state.now();
    const numbers = chosenNumbers();
    const placed = members.map((member) => {
      const place = numbers.indexOf(member.number);
      return [member, place < 0 ? null : place];
    });
    const lasts = members.filter((member) => member.isOn).map((member) => history.of(member.number));
    const most = (part) => Math.max(0, ...lasts.map((line) => line?.[part].at(-1) || 0));
    return {
      history, to, from: to - state.span, words: content.words, marks: content.marks, cursor,
      chosen: placed.filter(([, place]) => place !== null),
      others: placed.filter(([, place]) => place === null),
      colours: isLight ? LIGHT : DARK, ink: look.color, paper: variable("--wb-paper"),
      faint: variable("--wb-faint"), edge: variable("--wb-edge"),
      font: `11px ${look.fontFamily}`, busiest: most("cpu"), largest: most("memory"),
      placeOf: (number) => (numbers.indexOf(number) < 0 ? null : numbers.indexOf(number)),
    };
  }

  function showContact(content) {
    const { words } = content;
    const { at, rate } = history.newest();
    const behind = state.paused === null ? 0 : Math.round(at - state.paused);
    let text = words.live;
    if (content.ended) text = `${words.ended}: ${content.ended}`;
    else if (!at) text = words.waiting;
    else if (history.age() > SILENT_S && members.some((member) => member.isOn)) {
      const seconds = Number.isFinite(history.age()) ? history.age() : Date.now() / 1000 - at;
      text = fill(words.silent, { seconds: Math.round(seconds) });
    } else if (state.paused !== null) text = fill(words.paused, { seconds: behind });
    const how = rate && content.source
      ? `, ${fill(words.rate, { rate: rate.toFixed(1), source: content.source })}`
      : "";
    say(contact, text + (text === words.live ? how : ""));
    root.dataset.contact = content.ended ? "ended" : text === words.live ? "live" : "other";
  }

  /** What was used where the line through time stands. */
  function showReading(scene) {
    read.hidden = scene.cursor === null;
    if (scene.cursor === null) return;
    const said = scene.chosen.map(([member, place]) => {
      const line = scene.history.of(member.number);
      const at = line ? after(line.at, scene.cursor) - 1 : -1;
      const values = CHARTS.map((chart) =>
        chart.parts
          .map((part) => orNone(at < 0 ? NaN : line[part][at], chart.text, scene.words))
          .join(" / "));
      return `${SHAPES[place]} ${member.name}: ${values.join(", ")}`;
    });
    const ago = (scene.to - scene.cursor).toFixed(1);
    say(read, [fill(scene.words.read, { ago }), ...said].join("   "));
  }

  let drawnMarks = "";
  let asked = false;
  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const begun = performance.now();
      const content = model.get("content");
      readMembers(content);
      const scene = sceneOf(content);
      say(title, content.title);
      say(trouble, content.trouble);
      grid.setAttribute("aria-label", content.words.charts);
      tools.show(content, members.length);
      for (const chart of charts) chart.draw(scene);
      table.show(scene, members, scene.placeOf);
      showReading(scene);
      const names = new Map(members.map((member) => [member.number, member.name]));
      const marks = JSON.stringify([content.marks, [...names]]);
      if (marks !== drawnMarks) {
        drawnMarks = marks;
        events.show(content, names, (at) => new Date(at * 1000).toTimeString().slice(0, 8));
      }
      showContact(content);
      root.dataset.members = String(members.length);
      // For measuring: how long the drawing took, and how old the newest reading was by then.
      root.dataset.drawMs = (performance.now() - begun).toFixed(2);
      root.dataset.delay = String(Date.now() / 1000 - history.newest().at);
    });
  }

  function moveCursor(to) {
    const scene = { from: (state.paused ?? state.now()) - state.span, to: state.paused ?? state.now() };
    cursor = to === null ? null : Math.min(Math.max(to, scene.from), scene.to);
    draw();
  }
  for (const { canvas, left } of charts) {
    canvas.addEventListener("pointermove", (event) => {
      const to = state.paused ?? state.now();
      const share = (event.offsetX - left) / (canvas.clientWidth - left - 8);
      moveCursor(to - state.span + share * state.span);
    });
    canvas.addEventListener("pointerleave", () => moveCursor(null));
  }
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) moveCursor((cursor ?? state.paused ?? state.now()) + (step * state.span) / 60);
    else if (event.key === "Escape") moveCursor(null);
    else return;
    event.preventDefault();
  });
  for (const kind of ["keydown", "wheel"]) {
    // Jupyter's own keys must not take the arrow keys away from here.
    root.addEventListener(kind, (event) => event.stopPropagation(), { passive: true });
  }

  const sizes = new ResizeObserver(() => draw());
  sizes.observe(root);
  const theme = new MutationObserver(() => draw());
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  table.box.addEventListener("scroll", () => draw(), { passive: true });
  const clock = setInterval(() => showContact(model.get("content")), 1000);
  const onTick = () => {
    if (state.paused === null) draw();
  };
  const leave = listen(onTick);
  model.on("change:content", draw);
  const end = keepInTouch(model);
  draw();
  return () => {
    clearInterval(clock);
    sizes.disconnect();
    theme.disconnect();
    leave();
    model.off("change:content", draw);
    end();
  };
}

// One history for all views of a model: a second view of the same output shows the same past.
export default () => {
  const history = makeHistory();
  const listeners = new Set();
  const listen = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    initialize({ model }) {
      const hear = (message, buffers) => {
        const { fields } = model.get("content");
        if (message?.kind === "tick") history.tick(message, viewOf(buffers[0]), fields);
        else if (message?.kind === "history") history.replay(message.ticks, viewOf(buffers[0]), fields);
        else return;
        for (const listener of listeners) listener();
      };
      model.on("msg:custom", hear);
      model.send({ kind: "history" });
      return () => model.off("msg:custom", hear);
    },
    render: (context) => renderView(context, history, listen),
  };
};
