// Nodes as shelves, tasks as tiles on them.

import { arrange, make, say, set } from "../kit/dom.js";
import { makeTiles } from "../kit/tiles.js";

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
  const element = make("div", "wb-roll-shelves");
  const tiles = makeTiles(element);
  const shelves = new Map();

  function showShelf(about, words) {
    if (!shelves.has(about.id)) shelves.set(about.id, makeShelf());
    const { shelf, name, facts, row, empty } = shelves.get(about.id);
    say(name, about.name);
    say(facts, about.facts);
    say(empty, words.empty);
    set(shelf, "data-state", about.state);
    set(shelf, "data-availability", about.availability);
    set(row, "aria-label", `${about.name}, ${about.facts}: ${about.line}`);
    arrange(row, about.tiles.length ? about.tiles.map(tiles.show) : [empty]);
    return shelf;
  }

  function show(content) {
    const shown = content.shelves.map((about) => showShelf(about, content.words));
    arrange(element, shown);
    element.setAttribute("role", "group");
    set(element, "aria-label", content.words.shelves);
    for (const [id, { shelf }] of shelves) if (!shown.includes(shelf)) shelves.delete(id);
    tiles.settle(content.words);
  }

  return { element, detail: tiles.detail, show };
}
