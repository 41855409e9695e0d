// The table of all containers: a row each, with bars, a small line, and a name to press.

import { button as makeButton, make, say } from "../kit/dom.js";
import { after } from "./usage_history.js";
import { fits, ordered } from "./usage_kinds.js";
import { SHAPES, surface, trace } from "./usage_look.js";
import { binary, count, decimal, isKnown, orNone, percent, still } from "./usage_numbers.js";
import { fill } from "../kit/words.js";

const COLUMNS = ["name", "state", "cpu", "memory", "network", "block", "pids"];
const SORT_MS = 2500;
const ROW_PX = 27;

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
  const button = makeButton("wb-u-name", "", () => onToggle(number));
  const shape = make("span", "wb-u-shape");
  const name = make("span", "wb-u-label");
  const state = make("td", "wb-u-state");
  const [cpu, memory] = [makeGauge(), makeGauge()];
  const spark = make("canvas", "wb-u-spark");
  spark.setAttribute("aria-hidden", "true");
  const [network, block, pids] = ["", "", ""].map(() => make("td", "wb-u-number"));
  const head = make("th");
  head.scope = "row";
  button.append(shape, name);
  head.append(button);
  const [first, second, both] = [make("td"), make("td"), make("div", "wb-u-both")];
  both.append(spark, cpu.box);
  first.append(both);
  second.append(memory.box);
  row.append(head, state, first, second, network, block, pids);

  let shownSlot;
  function show(member, slot, scene) {
    shownSlot = slot;
    const { words } = scene;
    const line = scene.history.of(number);
    const last = (part) => (member.isOn ? line?.[part].at(-1) : NaN);
    say(name, member.name);
    button.title = member.name;
    button.setAttribute("aria-pressed", String(slot !== null));
    say(shape, slot === null ? "○" : SHAPES[slot]);
    row.style.setProperty("--wb-row", slot === null ? "inherit" : scene.colours[slot]);
    row.classList.toggle("wb-u-chosen", slot !== null);
    row.classList.toggle("wb-u-off", !member.isOn);
    say(state, member.state);
    const throttled = last("throttled");
    const cores = member.cores || Math.max(1, scene.busiest / 100);
    cpu.box.title = throttled > 0 ? fill(words.throttled, { value: percent(throttled) }) : "";
    const slow = throttled > 0 ? " ▼" : "";
    const of = member.cores ? ` / ${percent(member.cores * 100)}` : "";
    cpu.show(orNone(last("cpu"), percent, words) + (isKnown(last("cpu")) ? of + slow : ""),
      last("cpu") / (cores * 100), 0, Boolean(member.cores));
    const [used, limit] = [last("memory"), member.memory];
    const bound = limit ?? Math.max(scene.largest, 1);
    const text = orNone(used, binary, words) + (limit ? ` / ${still(limit)}` : "");
    const cache = last("cache") / bound;
    memory.show(isKnown(used) ? text : words.none, used / bound, cache, Boolean(limit));
    const pair = (one, two) =>
      isKnown(last(one)) || isKnown(last(two))
        ? `${orNone(last(one), decimal, words)} / ${orNone(last(two), decimal, words)}`
        : words.none;
    say(network, pair("rx", "tx"));
    say(block, pair("read", "write"));
    const most = member.pids ? ` / ${member.pids}` : "";
    say(pids, isKnown(last("pids")) ? count(last("pids")) + most : words.none);
  }

  function drawSpark(scene, slot) {
    const { pen, width, height } = surface(spark, 56, 20);
    const line = scene.history.of(number);
    if (!line) return;
    const x = (at) => ((at - scene.from) / (scene.to - scene.from)) * width;
    const top = Math.max(100, scene.busiest);
    const y = (value) => height - 1 - (Math.min(value, top) / top) * (height - 3);
    const from = after(line.at, scene.from);
    pen.lineWidth = 1.2;
    pen.strokeStyle = slot === null ? scene.faint : scene.colours[slot];
    pen.beginPath();
    trace(pen, line, line.cpu, from, x, y);
    pen.stroke();
  }
  return { row, show, drawSpark, slot: () => shownSlot };
}

/** The table of all containers, in the order that a click on a column's head asks for. */
export function makeTable(state, onChange) {
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
    const button = makeButton("", "", () => sortBy(column));
    cell.scope = "col";
    cell.append(button);
    headRow.append(cell);
    heads.set(column, { cell, button });
  }
  function sortBy(column) {
    const isSame = state.sort === column;
    state.down = isSame ? !state.down : !["name", "state"].includes(column);
    state.sort = column;
    sorted = 0;
    onChange();
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

  function show(scene, members, slotOf) {
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
      const [row, slot] = [rows.get(number), slotOf(number)];
      if (!isInSight && row.slot() === slot && (index + turn) % 8) return;
      row.show(there.get(number), slot, scene);
      if (isInSight) row.drawSpark(scene, slot);
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
