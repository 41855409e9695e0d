// The layers of an image: which instruction brought which bytes, and which later one hid them.
//
// `content` is small and comes from Python whole, each time something is known: layer_explorer.py
// says what is in it. `data` comes once, when the files are read: all files and changes, gzipped,
// as explorer_tree.py packs them. From then on all is done here, so that a click needs no kernel.
// Every text is set as text, never as HTML. There is no English in here: words come with `content`.

const ROW = 26;
const TREE_ROWS = 13;
const OPEN_ALL = 150; // a tree of so many rows is shown open
const PAGE = 100;
const BOXES = 60; // of one folder on the map; the smallest are drawn as one
const BOXES_IN_ALL = 1200;
const DEEPEST = 4;
const FINAL = -1;
const SIZES = [0, 1e4, 1e5, 1e6, 1e7, 1e8];
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
const DIRECTORY = 1;

/** A new element with that class and these children; texts become text nodes. */
function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== ""));
  return element;
}

function button(className, text, onClick) {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

/** The text only where it is new, so that a screen reader is told of changes alone. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The words with {name} replaced; the values are text. */
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Bytes as helpers/model/units.py writes them: three figures, decimal units. */
function sizeText(bytes) {
  let [size, power] = [bytes, 0];
  while (size >= 999.5 && power < UNITS.length - 1) [size, power] = [size / 1000, power + 1];
  return `${size < 1000 ? +size.toPrecision(3) : Math.round(size)} ${UNITS[power]}`;
}

/** Permission bits as `ls -l` writes them. */
function modeText(mode, type) {
  const first = "-dlbp?"[type] ?? "?";
  const bits = [6, 3, 0].map((at) => {
    const three = (mode >> at) & 7;
    return (three & 4 ? "r" : "-") + (three & 2 ? "w" : "-") + (three & 1 ? "x" : "-");
  });
  const special = [0o4000, 0o2000, 0o1000].map((bit) => mode & bit);
  return (
    first +
    bits
      .map((text, at) => {
        if (!special[at]) return text;
        const letter = at < 2 ? "s" : "t";
        return text.slice(0, 2) + (text[2] === "x" ? letter : letter.toUpperCase());
      })
      .join("")
  );
}

const numbers = new Intl.NumberFormat("en");

/** The element keeps its keys: in JupyterLab, arrows and letters would be commands. */
function withOwnKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return element;
}

async function unpack(data) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Tree(await new Response(plain).json());
}

/** All paths of an image, and what each layer did to them. */
class Tree {
  constructor(raw) {
    Object.assign(this, raw);
    this.count = raw.names.length;
    for (const columns of [...raw.layers, ...raw.waste, raw.final]) {
      let number = 0;
      columns.node = columns.node.map((step) => (number += step));
    }
    this.folder = new Uint8Array(this.count);
    raw.parents.forEach((parent) => parent >= 0 && (this.folder[parent] = 1));
    const stored = new Float64Array(this.count);
    for (const { node, size } of raw.layers) node.forEach((n, at) => (stored[n] = size[at]));
    const { node, type, mode, owner, layer, kind } = raw.final;
    const size = node.map((n) => raw.final.size[n] ?? stored[n]);
    this.entry = new Map(
      node.map((n, at) => [
        n,
        { type: type[at], size: size[at], mode: mode[at], owner: owner[at], layer: layer[at] },
      ]),
    );
    node.forEach((n, at) => type[at] === DIRECTORY && (this.folder[n] = 1));
    this.columns = new Map([[FINAL, { node, kind, size, hides: null }]]);
    raw.layers.forEach((columns, index) => this.columns.set(index, columns));
  }

  path(n) {
    const parts = [];
    for (let at = n; at > 0; at = this.parents[at]) parts.push(this.names[at]);
    return `/${parts.reverse().join("/")}`;
  }

  get lower() {
    if (this.lowered) return this.lowered;
    const paths = new Array(this.count).fill("");
    for (let n = 1; n < this.count; n += 1) {
      paths[n] = `${paths[this.parents[n]]}/${this.names[n].toLowerCase()}`;
    }
    return (this.lowered = paths);
  }

  /** Every layer's word on that path, the lowest first. */
  history(n) {
    return this.layers.flatMap(({ node, kind, size, hides }, layer) => {
      const at = node.indexOf(n);
      return at < 0 ? [] : [{ layer, kind: kind[at], size: size[at], hides: hides[at] }];
    });
  }
}

/** One layer's changes, or the final files, as far as they fit the filter, with sums of folders. */
class Look {
  constructor(tree, scope, { text, kinds, minimum, sort }) {
    const { node, kind, size, hides } = tree.columns.get(scope) ?? tree.columns.get(FINAL);
    const count = tree.count;
    Object.assign(this, { tree, sort, shown: new Uint8Array(count), kind: new Int8Array(count) });
    this.total = new Float64Array(count);
    this.hidden = new Float64Array(count);
    this.files = new Uint32Array(count);
    this.kind.fill(-1);
    const wanted = text.trim().toLowerCase();
    const paths = wanted ? tree.lower : null;
    node.forEach((n, at) => {
      this.kind[n] = kind[at];
      if (paths && !paths[n].includes(wanted)) return;
      if (kinds.size && !kinds.has(kind[at])) return;
      if (minimum && Math.max(size[at], hides ? hides[at] : 0) < minimum) return;
      this.shown[n] = 1;
      this.total[n] += size[at];
      this.hidden[n] += hides ? hides[at] : 0;
      this.files[n] += tree.folder[n] ? 0 : 1;
    });
    this.rows = 0;
    this.first = new Int32Array(count).fill(-1);
    this.next = new Int32Array(count).fill(-1);
    // A folder has a smaller number than what is in it, so that one pass from the end adds up.
    for (let n = count - 1; n > 0; n -= 1) {
      if (!this.shown[n]) continue;
      const parent = tree.parents[n];
      this.rows += 1;
      this.shown[parent] = 1;
      this.total[parent] += this.total[n];
      this.hidden[parent] += this.hidden[n];
      this.files[parent] += this.files[n];
      this.next[n] = this.first[parent];
      this.first[parent] = n;
    }
    this.sorted = new Map();
  }

  children(n) {
    const known = this.sorted.get(n);
    if (known) return known;
    const found = [];
    for (let at = this.first[n]; at >= 0; at = this.next[at]) found.push(at);
    const { names } = this.tree;
    const byName = (a, b) => (names[a] < names[b] ? -1 : 1);
    const bySize = (a, b) =>
      this.total[b] - this.total[a] || this.hidden[b] - this.hidden[a] || byName(a, b);
    found.sort(this.sort === "name" ? byName : bySize);
    this.sorted.set(n, found);
    return found;
  }

  /** [path number, depth] of each row, where these folders are open. */
  flat(open) {
    const rows = [];
    const stack = [[0, 0]];
    while (stack.length) {
      const [n, depth] = stack.pop();
      if (n) rows.push([n, depth]);
      if (n && !open.has(n)) continue;
      const below = this.children(n);
      for (let at = below.length - 1; at >= 0; at -= 1) stack.push([below[at], depth + 1]);
    }
    return rows;
  }
}

/** Rectangles for values (the largest first) in a rectangle, each as square as can be.
    Bruls, Huizing, van Wijk: Squarified Treemaps, 2000. */
function squarify(values, x, y, width, height) {
  const places = [];
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
      if (width >= height) places.push([x, y + along, depth, length]);
      else places.push([x + along, y, length, depth]);
      along += length;
    }
    if (width >= height) [x, width] = [x + depth, Math.max(width - depth, 0)];
    else [y, height] = [y + depth, Math.max(height - depth, 0)];
  }
  return places;
}

/** The layers as a list to choose from; the choice is what the other parts show. */
function layerList(view) {
  const list = withOwnKeys(make("div", "wb-x-layers"));
  list.tabIndex = 0;
  list.setAttribute("role", "listbox");
  let indexes = [];
  const id = (index) => `${view.id}-layer-${index}`;

  function bar(layer, widest) {
    const percent = (bytes) => `${(100 * bytes) / widest}%`;
    const hidden = make("span", "wb-x-lost");
    const live = make("span", "wb-x-live");
    live.style.width = percent(Math.max(layer.bytes - layer.hidden, 0));
    hidden.style.width = percent(Math.min(layer.hidden, layer.bytes));
    return make("span", "wb-x-bar", live, hidden);
  }

  function row(index, ...cells) {
    const element = make("div", "wb-x-layer", ...cells);
    element.id = id(index);
    element.setAttribute("role", "option");
    element.addEventListener("click", () => view.choose(index));
    return element;
  }

  function layerRow(layer, widest, words) {
    const note = layer.note || (layer.empty ? words.empty : "");
    const part = view.content.state === "reading" && layer.read !== null && !layer.empty;
    const percent = part ? `${words.reading} ${Math.round(100 * layer.read)} %` : "";
    const element = row(
      layer.index,
      make("span", "wb-x-number", `#${layer.index + 1}`),
      bar(layer, widest),
      make("span", "wb-x-size", layer.empty ? "–" : layer.size),
      make("code", "wb-x-what", layer.instruction),
      make("span", percent ? "wb-x-reading" : "wb-x-note", percent || note),
    );
    element.classList.toggle("wb-x-empty", layer.empty);
    return element;
  }

  function show() {
    const { layers, words } = view.content;
    list.setAttribute("aria-label", words.layers);
    indexes = [...layers.map((layer) => layer.index), FINAL];
    const widest = Math.max(...layers.map((layer) => layer.bytes), 1);
    const end = row(FINAL, make("span", "wb-x-number", "Σ"), make("span", "wb-x-all", words.final));
    list.replaceChildren(...layers.map((layer) => layerRow(layer, widest, words)), end);
    mark();
  }

  function mark() {
    for (const element of list.children) {
      element.setAttribute("aria-selected", String(element.id === id(view.scope)));
    }
    list.setAttribute("aria-activedescendant", id(view.scope));
  }

  list.addEventListener("keydown", (event) => {
    const at = indexes.indexOf(view.scope);
    const moves = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: indexes.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    view.choose(indexes[Math.min(Math.max(moves[event.key], 0), indexes.length - 1)]);
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });
  return { element: list, show, mark };
}

/** Name, kinds, size and order: what of the files is shown. */
function filterBar(view) {
  const { words, kinds } = view.content;
  const bar = withOwnKeys(make("div", "wb-x-filter"));
  const name = make("input", "wb-x-name");
  name.type = "search";
  name.placeholder = words.filter;
  name.setAttribute("aria-label", words.filter);
  name.addEventListener("input", () => view.filterBy({ text: name.value }));

  function choice(label, options, onChange) {
    const select = make("select");
    select.setAttribute("aria-label", label);
    for (const [value, text] of options) {
      const option = make("option", "", text);
      option.value = value;
      select.append(option);
    }
    select.addEventListener("change", () => onChange(select.value));
    return select;
  }
  const sizes = SIZES.map((size) => [size, size ? `${words.minimum} ${sizeText(size)}` : words.any]);
  const least = choice(words.minimum, sizes, (value) => view.filterBy({ minimum: Number(value) }));
  const orders = ["size", "name"].map((order) => [order, words[`sort.${order}`]]);
  const order = choice(words.sort, orders, (value) => view.filterBy({ sort: value }));

  const group = make("span", "wb-x-kinds");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.kinds);
  const buttons = kinds.map(([kind, sign, word], place) => {
    const toggle = button(`wb-x-kind wb-x-${kind}`, "", () => {
      const chosen = new Set(view.filter.kinds);
      if (!chosen.delete(place)) chosen.add(place);
      view.filterBy({ kinds: chosen });
    });
    toggle.append(make("b", "", sign), ` ${word}`);
    return toggle;
  });
  group.append(...buttons);
  const all = button("wb-x-clear", words.clear, () => {
    name.value = "";
    least.value = "0";
    view.filterBy({ text: "", minimum: 0, kinds: new Set() });
    name.focus();
  });
  const found = make("span", "wb-x-found");
  found.setAttribute("role", "status");
  bar.append(name, least, order, group, all, found);

  function show() {
    const { filter, look, scope } = view;
    buttons.forEach((toggle, place) => {
      toggle.setAttribute("aria-pressed", String(filter.kinds.has(place)));
      toggle.hidden = scope === FINAL && kinds[place][0] === "removed";
    });
    all.hidden = !view.isFiltered;
    const count = look ? look.files[0] : 0;
    const text = count === 1 ? words.file : fill(words.files, { count: numbers.format(count) });
    say(found, look ? `${text}, ${sizeText(look.total[0])}` : "");
  }
  return { element: bar, show };
}

/** The files as a tree of which only the rows in sight are made. */
function fileTree(view) {
  const { words, kinds } = view.content;
  const head = make("div", "wb-x-row wb-x-columns");
  const tree = withOwnKeys(make("div", "wb-x-tree"));
  const space = make("div", "wb-x-space");
  const empty = make("div", "wb-x-nothing");
  const about = make("div", "wb-x-about");
  about.setAttribute("aria-live", "polite");
  head.setAttribute("aria-hidden", "true");
  tree.tabIndex = 0;
  tree.setAttribute("role", "tree");
  tree.setAttribute("aria-label", words.tree);
  tree.append(space);
  let rows = [];
  let active = 0;
  const opened = new Map(); // what is open, for each filter and layer
  const id = (n) => `${view.id}-file-${n}`;

  const isFolder = (n) => view.look.first[n] >= 0;
  const place = () => rows.findIndex(([n]) => n === active);

  /** The folders that are open under this filter: all of a small tree, else what was open before. */
  function open() {
    const { text, kinds, minimum } = view.filter;
    const key = JSON.stringify([view.scope, text, [...kinds], minimum]);
    if (!opened.has(key)) {
      const set = new Set();
      const { look } = view;
      if (look.rows <= OPEN_ALL) {
        for (let n = 0; n < view.tree.count; n += 1) if (look.first[n] >= 0) set.add(n);
      } else chain(0, set);
      opened.set(key, set);
    }
    return opened.get(key);
  }

  /** Opens what stands alone in its folder, so that nobody clicks through usr/local/lib/…. */
  function chain(n, set) {
    let below = view.look.children(n);
    while (below.length === 1 && isFolder(below[0])) {
      set.add(below[0]);
      below = view.look.children(below[0]);
    }
  }

  function toggle(n, wanted = !open().has(n)) {
    if (!isFolder(n)) return;
    const set = open();
    if (wanted) {
      set.add(n);
      chain(n, set);
    } else set.delete(n);
    rows = view.look.flat(set);
    draw();
  }

  function cells(n) {
    const { look, scope } = view;
    const sign = look.kind[n] >= 0 ? kinds[look.kind[n]] : null;
    if (scope === FINAL) {
      const entry = view.tree.entry.get(n);
      const layer = entry && entry.layer >= 0 && !view.tree.folder[n] ? `#${entry.layer + 1}` : "";
      const mode = entry ? modeText(entry.mode, entry.type) : "";
      return [
        make("span", "wb-x-mode", mode),
        make("span", "wb-x-from", layer),
        make("span", "wb-x-amount", sizeText(look.total[n])),
      ];
    }
    const mark = make("span", "wb-x-change");
    if (sign && !view.tree.folder[n]) mark.append(make("b", `wb-x-${sign[0]}`, sign[1]), ` ${sign[2]}`);
    else if (sign && sign[0] === "removed") mark.append(make("b", "wb-x-removed", sign[1]), ` ${sign[2]}`);
    const hidden = look.hidden[n] ? sizeText(look.hidden[n]) : "";
    return [
      mark,
      make("span", "wb-x-amount", sizeText(look.total[n])),
      make("span", "wb-x-amount", hidden),
    ];
  }

  function row([n, depth], at) {
    const folder = isFolder(n);
    const isOpen = folder && open().has(n);
    const name = make("span", "wb-x-label");
    const mark = make("span", "wb-x-twist", folder ? (isOpen ? "▾" : "▸") : "");
    mark.setAttribute("aria-hidden", "true");
    name.style.paddingLeft = `${(depth - 1) * 16}px`;
    const written = view.tree.names[n] + (view.tree.folder[n] ? "/" : "");
    name.append(mark, make("span", "wb-x-text", written));
    name.title = written;
    const element = make("div", "wb-x-row", name, ...cells(n));
    element.id = id(n);
    element.style.top = `${at * ROW}px`;
    element.setAttribute("role", "treeitem");
    element.setAttribute("aria-level", depth);
    const siblings = view.look.children(view.tree.parents[n]);
    element.setAttribute("aria-setsize", siblings.length);
    element.setAttribute("aria-posinset", siblings.indexOf(n) + 1);
    element.setAttribute("aria-selected", String(n === active));
    if (folder) element.setAttribute("aria-expanded", String(isOpen));
    element.addEventListener("click", () => {
      const was = active;
      activate(n);
      if (folder && (was === n || !isOpen)) toggle(n);
    });
    return element;
  }

  /** Makes the rows in sight, some more above and below, and the active one. */
  function draw() {
    space.style.height = `${rows.length * ROW}px`;
    tree.style.height = `${Math.min(Math.max(rows.length, 3), TREE_ROWS) * ROW}px`;
    const from = Math.max(Math.floor(tree.scrollTop / ROW) - 4, 0);
    const until = Math.min(from + TREE_ROWS + 9, rows.length);
    const made = rows.slice(from, until).map((item, at) => row(item, from + at));
    const at = place();
    if (at >= 0 && (at < from || at >= until)) made.push(row(rows[at], at));
    space.replaceChildren(...made);
    if (at >= 0) tree.setAttribute("aria-activedescendant", id(active));
    else tree.removeAttribute("aria-activedescendant");
  }

  function activate(n) {
    active = n;
    const at = place();
    if (at >= 0) {
      const top = at * ROW;
      if (top < tree.scrollTop) tree.scrollTop = top;
      if (top + ROW > tree.scrollTop + tree.clientHeight) {
        tree.scrollTop = top + ROW - tree.clientHeight;
      }
    }
    draw();
    tell();
  }

  /** What is known of the chosen path: every layer's word on it. */
  function tell() {
    if (!active || place() < 0) {
      about.replaceChildren(make("p", "wb-x-hint", words.pick));
      return;
    }
    const { tree: all, content } = view;
    const entry = all.entry.get(active);
    const facts = [];
    if (entry) {
      const [uid, gid] = entry.owner.split(":");
      facts.push(modeText(entry.mode, entry.type), fill(words.owner, { uid, gid }));
      if (entry.type !== DIRECTORY) facts.push(sizeText(entry.size));
    }
    const target = all.final.link[active];
    if (target !== undefined) facts.push(fill(words.link, { target }));
    const list = make("ul");
    for (const { layer, kind, size, hides } of all.history(active)) {
      const [, sign, word] = kinds[kind];
      const bytes = sizeText(content.kinds[kind][0] === "removed" ? hides : size);
      const item = make("li", "", make("b", "", `#${layer + 1} ${sign} ${word}, ${bytes}  `));
      item.append(make("code", "", content.layers[layer]?.instruction ?? ""));
      list.append(item);
    }
    const path = make("code", "wb-x-path", all.path(active));
    about.replaceChildren(make("p", "", path, facts.length ? `  ${facts.join(", ")}` : ""), list);
  }

  function show() {
    const isFinal = view.scope === FINAL;
    const names = isFinal ? ["name", "mode", "layer", "size"] : ["name", "kind", "adds", "hides"];
    head.replaceChildren(...names.map((name) => make("span", `wb-x-h-${name}`, words[`col.${name}`])));
    head.classList.toggle("wb-x-final", isFinal);
    tree.classList.toggle("wb-x-final", isFinal);
    const { look } = view;
    rows = look ? look.flat(open()) : [];
    tree.hidden = head.hidden = !rows.length;
    empty.hidden = Boolean(rows.length);
    const none = view.isFiltered ? words.nothing : words["no.changes"];
    say(empty, look ? none : words.waiting);
    if (place() < 0) active = rows.length ? rows[0][0] : 0;
    tree.scrollTop = 0;
    if (place() >= 0 && view.picked === active) activate(active);
    draw();
    tell();
    about.hidden = !rows.length;
  }

  const move = {
    ArrowDown: (at) => at + 1,
    ArrowUp: (at) => at - 1,
    PageDown: (at) => at + TREE_ROWS - 1,
    PageUp: (at) => at - TREE_ROWS + 1,
    Home: () => 0,
    End: () => rows.length - 1,
  };
  tree.addEventListener("keydown", (event) => {
    const at = place();
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const [n, depth] = rows[at];
    const isOpen = open().has(n);
    if (event.key in move) {
      activate(rows[Math.min(Math.max(move[event.key](at), 0), rows.length - 1)][0]);
    } else if (event.key === "ArrowRight") {
      if (isFolder(n) && !isOpen) toggle(n, true);
      else if (isFolder(n)) activate(rows[at + 1][0]);
    } else if (event.key === "ArrowLeft") {
      if (isFolder(n) && isOpen) toggle(n, false);
      else if (depth > 1) activate(view.tree.parents[n]);
    } else if (event.key === "Enter" || event.key === " ") toggle(n);
    else return;
    event.preventDefault();
  });
  tree.addEventListener("scroll", () => requestAnimationFrame(draw));
  const element = make("div", "", head, tree, empty, about);
  return { element, show };
}

/** The bytes as a map: each box as large as what is in it, two levels at a time. */
function byteMap(view) {
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
    const places = squarify(order.map((at) => values[at]), x, y, width, height);
    return order.map((at, nth) => ({
      n: few[at] ?? -1,
      rest: few[at] === undefined ? rest.length : 0,
      bytes: values[at],
      place: places[nth],
    }));
  }

  function put(element, [x, y, width, height]) {
    Object.assign(element.style, {
      left: `${x}px`, top: `${y}px`, width: `${Math.max(width - 1, 0)}px`, height: `${Math.max(height - 1, 0)}px`,
    });
    return element;
  }

  function nameOf(tile) {
    if (tile.rest) return fill(words.others, { count: numbers.format(tile.rest) });
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
    const [, , width, height] = tile.place;
    const small = width < 40 || height < 44 || depth > DEEPEST || made > BOXES_IN_ALL;
    if (small || tile.n < 0 || view.look.first[tile.n] < 0) return false;
    for (const child of tiles(tile.n, 2, 19, width - 5, height - 22)) {
      const part = put(make("span", "wb-x-part"), child.place);
      const [, , w, h] = child.place;
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
        const element = put(button("wb-x-box", "", () => enter(at)), tile.place);
        const name = describe(tile);
        element.title = name;
        element.setAttribute("aria-label", name);
        element.tabIndex = at === focused ? 0 : -1;
        if (tile.place[2] > 34 && tile.place[3] > 15) element.append(make("span", "wb-x-caption", name));
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
    if (event.key === "Escape" || event.key === "Backspace") {
      if (folder) go(view.tree.parents[folder]);
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

/** The waste ledger: how much, brought by which line, hidden by which, and what to change. */
function ledger(view) {
  const { words } = view.content;
  const element = make("div", "wb-x-ledger");
  const shown = new Map(); // group → how many of its files are listed

  function step(word, number, line) {
    return make("p", "wb-x-step", make("span", "wb-x-word", `${word} #${number + 1}`), make("code", "", line));
  }

  function written(text) {
    return text.split("`").map((part, at) => (at % 2 ? make("code", "", part) : part));
  }

  function files(group, at) {
    const { node: nodes, size: sizes } = view.tree?.waste[at] ?? { node: [], size: [] };
    const list = make("ol", "wb-x-files");
    const until = shown.get(at) ?? 0;
    nodes.slice(0, until).forEach((n, nth) => {
      list.append(make("li", "", make("span", "wb-x-amount", sizeText(sizes[nth])), make("code", "", view.tree.path(n))));
    });
    const parts = [list];
    if (until < nodes.length) {
      const count = Math.min(PAGE, nodes.length - until);
      const label = until ? fill(words["waste.more"], { count }) : words["waste.paths"];
      parts.push(button("wb-x-more", label, () => again(at, until + count)));
    }
    if (until) parts.push(button("wb-x-more", words["waste.hide"], () => again(at, 0)));
    return nodes.length > 1 ? parts : [];
  }

  function again(at, count) {
    shown.set(at, count);
    show();
    element.children[at + 1]?.querySelector(".wb-x-more")?.focus();
  }

  function show() {
    const { groups, ledger: sum, state } = view.content;
    if (!groups.length) {
      const text = state === "done" ? words["waste.none"] : words.waiting;
      element.replaceChildren(make("p", "wb-x-nothing", text));
      return;
    }
    const cards = groups.map((group, at) => {
      const head = make("p", "wb-x-wasted", make("b", "", group.size), "  ", make("code", "", group.files));
      const kind = make("span", `wb-x-tag wb-x-${group.kind}`, group.sign);
      head.append("  ", kind);
      return make(
        "section", "wb-x-group", head,
        step(words["waste.added"], group.added, group.added_line),
        step(words["waste.killed"], group.killed, group.killed_line),
        make("p", "wb-x-mend", make("b", "", words["waste.mend"]), ` #${group.added + 1}: `, ...written(group.mend)),
        ...files(group, at),
      );
    });
    element.replaceChildren(make("p", "wb-x-sum", sum), ...cards);
  }
  return { element, show };
}

/** Two images side by side: what both have is on the disk once. */
function sharedLayers(view) {
  const element = make("div", "wb-x-shared");

  function show() {
    const { shared, words } = view.content;
    if (!shared) return;
    const [mine, theirs] = shared.names;
    const titles = {
      both: words["shared.both"],
      mine: fill(words["shared.one"], { name: mine }),
      theirs: fill(words["shared.one"], { name: theirs }),
    };
    const all = shared.parts.reduce((sum, part) => sum + part.bytes, 0) || 1;
    const strip = make("div", "wb-x-strip");
    const key = make("div", "wb-x-legend");
    for (const part of shared.parts) {
      const piece = make("span", `wb-x-piece wb-x-of-${part.of}`);
      piece.style.width = `${(100 * part.bytes) / all}%`;
      strip.append(piece);
      const swatch = make("span", `wb-x-swatch wb-x-of-${part.of}`);
      key.append(make("span", "wb-x-key", swatch, `${titles[part.of]}: ${part.size}`));
    }
    strip.setAttribute("aria-hidden", "true");
    const table = make("table", "wb-x-table");
    const header = make("tr");
    for (const text of [words["shared.layer"], words["col.size"], mine, theirs]) {
      const cell = make("th", "", text);
      cell.scope = "col";
      header.append(cell);
    }
    const body = make("tbody");
    for (const row of shared.rows) {
      const has = row.in.map((yes) => make("td", yes ? "wb-x-yes" : "wb-x-no", yes ? words.yes : words.no));
      const line = make("tr", row.in[0] && row.in[1] ? "wb-x-in-both" : "");
      line.append(make("td", "", make("code", "", row.instruction)), make("td", "wb-x-amount", row.size), ...has);
      body.append(line);
    }
    table.append(make("thead", "", header), body);
    element.replaceChildren(make("p", "wb-x-sum", shared.line), strip, key, make("div", "wb-x-scroll", table));
  }
  return { element, show };
}

/** Tabs with their panels; arrow keys go from one to the next. */
function tabBar(view, panels) {
  const { words } = view.content;
  const list = withOwnKeys(make("div", "wb-x-tabs"));
  list.setAttribute("role", "tablist");
  const names = Object.keys(panels);
  const tabs = names.map((name) => {
    const tab = button("wb-x-tab", words[`tab.${name}`], () => choose(name));
    tab.id = `${view.id}-tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `${view.id}-panel-${name}`);
    panels[name].id = `${view.id}-panel-${name}`;
    panels[name].setAttribute("role", "tabpanel");
    panels[name].setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  list.append(...tabs);

  function choose(name) {
    view.tab = name;
    names.forEach((one, at) => {
      tabs[at].setAttribute("aria-selected", String(one === name));
      tabs[at].tabIndex = one === name ? 0 : -1;
      panels[one].hidden = one !== name;
    });
    view.draw();
  }
  list.addEventListener("keydown", (event) => {
    const at = names.indexOf(view.tab);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (at + step + names.length) % names.length;
    choose(names[next]);
    tabs[next].focus();
  });
  return { element: list, choose };
}

function render({ model, el }) {
  const root = make("div", "wb-x");
  const title = make("div", "wb-x-title");
  const line = make("div", "wb-x-line");
  const flagged = make("ul", "wb-x-flagged");
  const again = button("wb-x-again", "", () => model.send({ kind: "again" }));
  line.setAttribute("role", "status");
  let packed = null;

  const view = {
    id: `wb-x-${Math.random().toString(36).slice(2)}`,
    content: model.get("content"),
    tree: null,
    look: null,
    scope: FINAL,
    tab: "files",
    picked: 0,
    filter: { text: "", kinds: new Set(), minimum: 0, sort: "size" },
    get isFiltered() {
      return Boolean(this.filter.text.trim() || this.filter.kinds.size || this.filter.minimum);
    },
    choose(scope) {
      this.scope = scope;
      layers.mark();
      this.see();
    },
    filterBy(changes) {
      Object.assign(this.filter, changes);
      this.see();
    },
    /** Shows a file of the map in the tree. */
    pick(n) {
      this.picked = n;
      Object.assign(this.filter, { text: "" });
      tabs.choose("files");
    },
    /** Looks at the files anew, and draws; the milliseconds stand in the page, for measuring. */
    see() {
      const begun = performance.now();
      if (this.tree) this.look = new Look(this.tree, this.scope, this.filter);
      this.draw();
      root.dataset.ms = (performance.now() - begun).toFixed(1);
    },
    draw() {
      filters.show();
      parts[this.tab].show();
      filters.element.hidden = !(this.tab === "files" || this.tab === "map");
    },
  };

  const layers = layerList(view);
  const filters = filterBar(view);
  const parts = { files: fileTree(view), map: byteMap(view), waste: ledger(view) };
  if (view.content.shared) parts.shared = sharedLayers(view);
  const panels = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, make("div", "wb-x-panel", part.element)]),
  );
  const tabs = tabBar(view, panels);
  root.append(title, line, again, flagged, layers.element, tabs.element, filters.element);
  root.append(...Object.values(panels));
  el.replaceChildren(root);

  function show() {
    view.content = model.get("content");
    const { content } = view;
    say(title, content.title);
    say(line, content.line);
    say(again, content.words.again);
    again.hidden = content.state !== "failed";
    flagged.replaceChildren(...content.flagged.map((text) => make("li", "", text)));
    flagged.hidden = !content.flagged.length;
    layers.show();
    view.draw();
    root.dataset.state = content.state;
  }
  async function takeData() {
    const data = model.get("data");
    if (!data || !data.byteLength || data === packed) return;
    packed = data;
    view.tree = await unpack(data);
    view.see();
    root.dataset.files = String(view.tree.entry.size);
  }
  model.on("change:content", show);
  model.on("change:data", takeData);
  tabs.choose("files");
  show();
  takeData();
  return () => {
    model.off("change:content", show);
    model.off("change:data", takeData);
    parts.map.end();
  };
}

export default { render };
