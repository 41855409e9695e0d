// Nodes as shelves, tasks as tiles on them: one tile in the order of Tab, arrows to the others.

import { arrange, button, make, say, set } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A tile: the version, the slot, and the state with its sign. */
function makeTile(onFocus) {
  const [version, slot, sign, state] = ["version", "slot", "sign", "state"].map((kind) =>
    make("span", `wb-roll-${kind}`),
  );
  sign.setAttribute("aria-hidden", "true");
  const tile = button("wb-roll-tile", "", onFocus);
  tile.append(make("span", "wb-roll-line", version, slot), make("span", "wb-roll-line", sign, state));
  tile.addEventListener("focus", onFocus);
  return { tile, version, slot, sign, state };
}

function makeShelf() {
  const [name, facts] = [make("div", "wb-roll-name"), make("div", "wb-roll-facts")];
  const row = make("div", "wb-roll-row");
  row.setAttribute("role", "group");
  const empty = make("span", "wb-roll-empty");
  const shelf = make("section", "wb-roll-shelf", make("div", "wb-roll-node", name, facts), row);
  return { shelf, name, facts, row, empty };
}

/** {element, detail, show(content)}; `detail` tells all of the tile that is chosen. */
export function makeShelves() {
  const element = withOwnKeys(make("div", "wb-roll-shelves"));
  const detail = make("div", "wb-roll-detail");
  detail.setAttribute("role", "status");
  const shelves = new Map();
  const tiles = new Map();
  let current = "";
  let chosen = "";

  function choose(id) {
    current = id;
    for (const [one, { tile }] of tiles) tile.tabIndex = one === id ? 0 : -1;
  }

  element.addEventListener("keydown", (event) => {
    const every = [...element.querySelectorAll(".wb-roll-tile")];
    const at = every.findIndex((tile) => tile.dataset.task === current);
    const next = { Home: 0, End: every.length - 1 }[event.key] ?? at + STEPS[event.key];
    if (!(next >= 0 && next < every.length)) return;
    event.preventDefault();
    every[next].focus();
  });

  function showTile(task) {
    if (!tiles.has(task.id)) {
      tiles.set(task.id, makeTile(() => {
        choose(task.id);
        chosen = task.id;
        tell();
      }));
    }
    const parts = tiles.get(task.id);
    parts.detail = task.detail;
    for (const kind of ["version", "slot", "sign", "state"]) say(parts[kind], task[kind]);
    set(parts.tile, "data-task", task.id);
    set(parts.tile, "data-look", String(task.look));
    set(parts.tile, "data-phase", task.phase);
    set(parts.tile, "title", task.detail);
    set(parts.tile, "aria-label", task.detail);
    return parts.tile;
  }

  function showShelf(about, words) {
    if (!shelves.has(about.id)) shelves.set(about.id, makeShelf());
    const { shelf, name, facts, row, empty } = shelves.get(about.id);
    say(name, about.name);
    say(facts, about.facts);
    say(empty, words.empty);
    set(shelf, "data-state", about.state);
    set(shelf, "data-availability", about.availability);
    set(row, "aria-label", `${about.name}, ${about.facts}: ${about.line}`);
    arrange(row, about.tiles.length ? about.tiles.map(showTile) : [empty]);
    return shelf;
  }

  /** What is chosen and gone stays told, until another one is. */
  function tell(words) {
    const line = tiles.get(chosen)?.detail ?? detail.wbLast ?? words?.choose ?? "";
    if (tiles.has(chosen)) detail.wbLast = line;
    say(detail, line);
  }

  function show(content) {
    const shown = content.shelves.map((about) => showShelf(about, content.words));
    arrange(element, shown);
    element.setAttribute("role", "group");
    set(element, "aria-label", content.words.shelves);
    for (const [id, { shelf }] of shelves) if (!shown.includes(shelf)) shelves.delete(id);
    for (const [id, { tile }] of tiles) if (!element.contains(tile)) tiles.delete(id);
    const first = element.querySelector(".wb-roll-tile");
    if (!tiles.has(current) && first) choose(first.dataset.task);
    if (first) tell(content.words);
    detail.hidden = !first;
  }

  return { element, detail, show };
}
