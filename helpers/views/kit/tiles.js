// Tiles of what runs: one of them in the order of Tab, arrows to the others, a line on the chosen one.

import { button, make, say, set } from "./dom.js";
import { withOwnKeys } from "./keys.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const TEXTS = ["version", "slot", "sign", "state", "mark"];

/** A tile: the version, the slot, and the state with its sign. */
function makeTile(onFocus) {
  const texts = Object.fromEntries(TEXTS.map((kind) => [kind, make("span", `wb-tile-${kind}`)]));
  const { version, slot, sign, state, mark } = texts;
  sign.setAttribute("aria-hidden", "true");
  const tile = button("wb-tile", "", onFocus);
  const first = make("span", "wb-tile-line", version, slot);
  tile.append(first, make("span", "wb-tile-line", sign, state, mark));
  tile.addEventListener("focus", onFocus);
  return { tile, texts };
}

/**
 * {detail, show(about), settle(words)} for the tiles in that element, whose keys become its own.
 *
 * `show({id, version, slot, sign, state, mark, look, phase, detail})` gives the tile, the same for
 * the same id; `settle` is called when all stand where they belong. `detail` tells all of the tile
 * that is chosen.
 */
export function makeTiles(element) {
  withOwnKeys(element);
  const detail = make("div", "wb-tile-detail");
  detail.setAttribute("role", "status");
  const tiles = new Map();
  let current = "";
  let chosen = "";

  function choose(id) {
    current = id;
    for (const [one, { tile }] of tiles) tile.tabIndex = one === id ? 0 : -1;
  }

  element.addEventListener("keydown", (event) => {
    const every = [...element.querySelectorAll(".wb-tile")];
    const at = every.findIndex((tile) => tile.dataset.task === current);
    const next = { Home: 0, End: every.length - 1 }[event.key] ?? at + STEPS[event.key];
    if (!(next >= 0 && next < every.length)) return;
    event.preventDefault();
    every[next].focus();
  });

  function show(about) {
    if (!tiles.has(about.id)) {
      tiles.set(about.id, makeTile(() => {
        choose(about.id);
        chosen = about.id;
        tell();
      }));
    }
    const parts = tiles.get(about.id);
    parts.detail = about.detail;
    for (const kind of TEXTS) say(parts.texts[kind], about[kind] ?? "");
    set(parts.tile, "data-task", about.id);
    set(parts.tile, "data-look", String(about.look));
    set(parts.tile, "data-phase", about.phase);
    set(parts.tile, "title", about.detail);
    set(parts.tile, "aria-label", about.detail);
    return parts.tile;
  }

  /** What is chosen and gone stays told, until another one is. */
  function tell(words) {
    const line = tiles.get(chosen)?.detail ?? detail.wbLast ?? words?.choose ?? "";
    if (tiles.has(chosen)) detail.wbLast = line;
    say(detail, line);
  }

  function settle(words) {
    for (const [id, { tile }] of tiles) if (!element.contains(tile)) tiles.delete(id);
    const first = element.querySelector(".wb-tile");
    if (!tiles.has(current) && first) choose(first.dataset.task);
    else choose(current);
    if (first) tell(words);
    detail.hidden = !first;
  }

  return { detail, show, settle };
}
