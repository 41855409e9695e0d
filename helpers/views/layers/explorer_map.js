import { button, make, say } from "../kit/dom.js";
import { FINAL } from "./image_files.js";
import { withOwnKeys } from "../kit/keys.js";
import { squarify } from "./squarify.js";
import { countText, fill, sizeText } from "../kit/words.js";

const BOXES = 60; // of one folder on the map; the smallest are drawn as one
const BOXES_IN_ALL = 1200;
const DEEPEST = 4;

/** The bytes as a map: each box as large as what is in it, two levels at a time. */
export function byteMap(view) {
  const { words, kinds } = view.content;
  const bar = make("div", "wb-x-crumbs");
  const box = withOwnKeys(make("div", "wb-x-map"));
  const legend = make("div", "wb-x-legend");
  const empty = make("div", "wb-x-nothing");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.map);
  let folder = 0;
  let focused = 0;
  let shownBoxes = [];
  let made = 0;
  const useful = (n) => view.look.total[n] || view.look.hidden[n];
  const weight = (n) => view.look.total[n] || (view.scope === FINAL ? 0 : view.look.hidden[n]);

  /** What a box is coloured by: the layer a file is from, or the kind of change; for a folder that
      is too small to look into, those of the largest in it. */
  function tint(n) {
    while (view.look.first[n] >= 0) n = view.look.children(n).reduce(heavier);
    if (view.scope !== FINAL) return `wb-x-${kinds[view.look.kind[n]]?.[0] ?? "added"}`;
    const layer = view.tree.entry.get(n)?.layer ?? -1;
    return layer < 0 ? "" : `wb-x-tint${layer % 6}`;
  }

  const heavier = (a, b) => (weight(b) > weight(a) ? b : a);

  function tiles(n, x, y, width, height) {
    const all = view.look.children(n).filter(weight).sort((a, b) => weight(b) - weight(a));
    const few = all.slice(0, all.length > BOXES ? BOXES - 1 : BOXES);
    const rest = all.slice(few.length);
    const values = few.map(weight);
    if (rest.length) values.push(rest.reduce((sum, at) => sum + weight(at), 0));
    // The rest may well be larger than the last box, and squares want falling order.
    const order = values.map((_, at) => at).sort((a, b) => values[b] - values[a]);
    const boxes = squarify(order.map((at) => values[at]), x, y, width, height);
    return order.map((at, nth) => ({
      n: few[at] ?? -1,
      rest: few[at] === undefined ? rest.length : 0,
      bytes: values[at],
      rect: boxes[nth],
    }));
  }

  function put(element, [x, y, width, height]) {
    Object.assign(element.style, {
      left: `${x}px`, top: `${y}px`, width: `${Math.max(width - 1, 0)}px`, height: `${Math.max(height - 1, 0)}px`,
    });
    return element;
  }

  function nameOf(tile) {
    if (tile.rest) return fill(words.others, { count: countText(tile.rest) });
    return view.tree.names[tile.n] + (view.tree.folder[tile.n] ? "/" : "");
  }

  function describe(tile) {
    const name = nameOf(tile);
    const { n } = tile;
    let more = "";
    if (n >= 0 && !view.tree.folder[n]) {
      const layer = view.tree.entry.get(n)?.layer ?? -1;
      if (view.scope === FINAL && layer >= 0) more = `, #${layer + 1}`;
      else if (view.scope !== FINAL && view.look.kind[n] >= 0) {
        more = `, ${kinds[view.look.kind[n]].slice(1).join(" ")}`;
      }
    }
    return `${name}, ${sizeText(tile.bytes)}${more}`;
  }

  /** Draws what is in a folder into its box, as deep as there is room; says whether it did. */
  function inner(tile, element, depth) {
    const [, , width, height] = tile.rect;
    const small = width < 40 || height < 44 || depth > DEEPEST || made > BOXES_IN_ALL;
    if (small || tile.n < 0 || view.look.first[tile.n] < 0) return false;
    for (const child of tiles(tile.n, 2, 19, width - 5, height - 22)) {
      const part = put(make("span", "wb-x-part"), child.rect);
      const [, , w, h] = child.rect;
      made += 1;
      if (w > 40 && h > 15) part.append(make("span", "wb-x-caption", nameOf(child)));
      if (!inner(child, part, depth + 1) && child.n >= 0) paint(part, child.n);
      element.append(part);
    }
    return true;
  }

  function paint(element, n) {
    const name = tint(n);
    if (name) element.classList.add(name);
  }

  function draw() {
    const width = box.clientWidth || 760;
    const height = box.clientHeight || 340;
    made = 0;
    shownBoxes = tiles(folder, 0, 0, width, height);
    focused = Math.min(focused, Math.max(shownBoxes.length - 1, 0));
    box.replaceChildren(
      ...shownBoxes.map((tile, at) => {
        const element = put(button("wb-x-box", "", () => enter(at)), tile.rect);
        const name = describe(tile);
        element.title = name;
        element.setAttribute("aria-label", name);
        element.tabIndex = at === focused ? 0 : -1;
        if (tile.rect[2] > 34 && tile.rect[3] > 15) element.append(make("span", "wb-x-caption", name));
        if (!inner(tile, element, 1) && tile.n >= 0) paint(element, tile.n);
        return element;
      }),
    );
    crumbs();
  }

  function enter(at) {
    const { n } = shownBoxes[at] ?? {};
    focused = at;
    if (n === undefined || n < 0) return;
    if (!view.tree.folder[n] || !view.look.children(n).some(weight)) {
      view.pick(n);
      return;
    }
    go(n);
  }

  function go(n) {
    folder = n;
    focused = 0;
    draw();
    box.firstElementChild?.focus();
  }

  function crumbs() {
    const up = button("wb-x-up", words.up, () => go(view.tree.parents[folder]));
    up.disabled = !folder;
    const bytes = sizeText(view.look.total[folder]);
    bar.replaceChildren(up, make("code", "wb-x-path", view.tree.path(folder)), make("span", "", bytes));
  }

  function key() {
    const items = [];
    const one = (className, ...texts) =>
      items.push(make("span", "wb-x-key", make("span", `wb-x-swatch ${className}`), ...texts));
    if (view.scope === FINAL) {
      for (const layer of view.content.layers) {
        if (!layer.empty) one(`wb-x-tint${layer.index % 6}`, `#${layer.index + 1}`);
      }
    } else for (const [kind, sign, word] of kinds) one(`wb-x-${kind}`, `${sign} ${word}`);
    legend.replaceChildren(...items.slice(0, 24));
  }

  function show() {
    const { look } = view;
    const there = Boolean(look && useful(0));
    if (!there || !look.shown[folder]) folder = 0;
    box.hidden = bar.hidden = legend.hidden = !there;
    empty.hidden = there;
    const none = view.isFiltered ? words.nothing : words["no.changes"];
    say(empty, look ? none : words.waiting);
    if (!there) return;
    draw();
    key();
  }

  box.addEventListener("keydown", (event) => {
    const last = shownBoxes.length - 1;
    const moves = { ArrowRight: focused + 1, ArrowDown: focused + 1, ArrowLeft: focused - 1,
      ArrowUp: focused - 1, Home: 0, End: last };
    if (folder && (event.key === "Escape" || event.key === "Backspace")) {
      go(view.tree.parents[folder]);
    } else if (event.key in moves) {
      const old = box.children[focused];
      focused = Math.min(Math.max(moves[event.key], 0), last);
      if (old) old.tabIndex = -1;
      box.children[focused].tabIndex = 0;
      box.children[focused].focus();
    } else return;
    event.preventDefault();
  });
  const resized = new ResizeObserver(() => view.tab === "map" && view.look && useful(0) && draw());
  resized.observe(box);
  return { element: make("div", "", bar, box, legend, empty), show, end: () => resized.disconnect() };
}
