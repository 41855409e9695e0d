// Floors of three columns: lines of what is wished, lamps of programs, and what is observed with
// pods as tiles, which fall from floor to floor.

import { arrange, make, makeEach, mark, say, set } from "../kit/dom.js";
import { partsOf } from "../kit/parts.js";
import { makeTiles } from "../kit/tiles.js";

const ORDER = ["store", "sets", "nodes", "containers", "services"];
const SETS = ORDER[1];
const FALL_MS = 450;
const MANY = 12;

const byAge = (a, b) => a.at - b.at || (a.slot ?? a.name).localeCompare(b.slot ?? b.name);
const lineOf = (className) => (text) => mark(make("div", className), text);

/** A lamp: a light, the program's name, whether it is on in words, and what it does. */
function makeLamp({ name, role, state }, words) {
  const light = make("span", "wb-rec-light");
  light.setAttribute("aria-hidden", "true");
  const word = make("span", "wb-rec-word", words[state]);
  const about = make("div", "wb-rec-about", make("span", "wb-rec-program", name), " ", word);
  about.append(make("div", "wb-rec-role", role));
  const lamp = make("div", "wb-rec-lamp", light, about);
  lamp.dataset.state = state;
  lamp.dataset.program = name;
  lamp.setAttribute("role", "listitem");
  return lamp;
}

function makeFloor(words) {
  const wished = make("div", "wb-rec-lines");
  const rules = make("div", "wb-rec-faint");
  const lamps = make("div", "wb-rec-lamps");
  lamps.setAttribute("role", "list");
  const sign = make("span", "wb-rec-sign");
  const lines = make("div", "wb-rec-lines");
  const observed = make("div", "wb-rec-observed", sign, lines);
  const idle = make("div", "wb-rec-idle");
  const notes = make("div", "wb-rec-faint");
  const groups = make("div", "wb-rec-groups");
  const left = make("div", "wb-rec-wished", wished, rules);
  const right = make("div", "wb-rec-seen", observed, idle, notes);
  const floor = make("section", "wb-rec-floor", left, lamps, right, groups);
  left.dataset.title = words.wished;
  right.dataset.title = words.observed;
  for (const region of [observed, idle]) region.setAttribute("role", "status");
  return { floor, wished, rules, lamps, sign, lines, idle, notes, groups };
}

function makeGroup() {
  const [name, line] = [make("span", "wb-rec-name"), make("span", "wb-rec-count")];
  const row = make("div", "wb-rec-row");
  row.setAttribute("role", "group");
  const group = make("div", "wb-rec-group", make("div", "wb-rec-head", name, " ", line), row);
  return { group, name, line, row };
}

/** Where each tile stands; `fall` moves those that stand on another floor now from there. */
function watchFalls(tiles) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = new Map();
  const floorOf = (tile) => tile.closest(".wb-rec-floor")?.dataset.floor;
  const note = () => {
    before.clear();
    for (const tile of tiles()) before.set(tile, [floorOf(tile), tile.getBoundingClientRect()]);
  };
  const fall = () => {
    if (isStill) return;
    for (const tile of tiles()) {
      const [floor, from] = before.get(tile) ?? [];
      if (!floor || floor === floorOf(tile)) continue;
      const to = tile.getBoundingClientRect();
      const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
      tile.animate([{ transform: start, zIndex: 1 }, { transform: "none", zIndex: 1 }], {
        duration: FALL_MS,
        easing: "ease-in",
      });
    }
  };
  return { note, fall };
}

/** {element, detail, show(parts)}; `detail` tells all of the pod that is chosen. */
export function makeFloors(words) {
  const heads = ["wished", "programs", "observed"].map((key) => make("div", "wb-rec-column", words[key]));
  const head = make("div", "wb-rec-floor wb-rec-heads", ...heads);
  head.setAttribute("aria-hidden", "true");
  const element = make("div", "wb-rec-floors", head);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.pods);
  const tiles = makeTiles(element);
  const falls = watchFalls(() => [...element.querySelectorAll(".wb-tile")]);
  const floors = new Map();
  const groups = new Map();

  function showGroup(about, floor, pods) {
    const key = `${floor} ${about.id}`;
    if (!groups.has(key)) groups.set(key, makeGroup());
    const { group, name, line, row } = groups.get(key);
    const isCounted = floor === SETS && about.line;
    say(name, about.name);
    say(line, isCounted ? about.line : "");
    set(group, "data-counted", String(Boolean(isCounted)));
    set(group, "data-same", String(about.same));
    set(group, "data-look", String(about.look));
    set(row, "aria-label", `${about.name}, ${pods.length}`);
    arrange(row, pods.map(tiles.show));
    return group;
  }

  function showFloor(about, every, pods) {
    if (!floors.has(about.id)) floors.set(about.id, makeFloor(words));
    const parts = floors.get(about.id);
    set(parts.floor, "data-floor", about.id);
    set(parts.floor, "data-state", about.state);
    makeEach(parts.wished, about.wished.length ? about.wished : [about.sign], lineOf(""));
    makeEach(parts.rules, about.rules, lineOf(""));
    makeEach(parts.lamps, about.lamps, (lamp) => makeLamp(lamp, words));
    say(parts.sign, about.sign);
    set(parts.sign, "aria-label", words[about.state]);
    set(parts.sign, "role", "img");
    makeEach(parts.lines, about.observed, lineOf(""));
    say(parts.idle, about.state === "differs" ? about.idle : "");
    makeEach(parts.notes, about.notes, lineOf(""));
    const shown = every
      .map((group) => [group, pods.filter((pod) => pod.group === group.id && pod.floor === about.id)])
      .filter(([group, own]) => own.length || (about.id === SETS && group.line));
    const many = shown.reduce((count, [, own]) => count + own.length, 0) > MANY;
    set(parts.groups, "data-many", String(many));
    arrange(parts.groups, shown.map(([group, own]) => showGroup(group, about.id, own)));
    return parts.floor;
  }

  function show(parts) {
    falls.note();
    const every = partsOf(parts, "group").sort(byAge);
    const pods = partsOf(parts, "pod").sort(byAge);
    const about = ORDER.map((id) => parts[`floor/${id}`]).filter(Boolean);
    arrange(element, [head, ...about.map((floor) => showFloor(floor, every, pods))]);
    for (const [key, { group }] of groups) if (!element.contains(group)) groups.delete(key);
    tiles.settle(words);
    falls.fall();
  }

  return { element, detail: tiles.detail, show };
}
