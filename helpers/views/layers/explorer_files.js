import { make, say } from "../kit/dom.js";
import { DIRECTORY, FINAL } from "./image_files.js";
import { isCommand, withOwnKeys } from "../kit/keys.js";
import { fill, modeText, sizeText } from "../kit/words.js";

const ROW = 26;
const TREE_ROWS = 13;
const OPEN_ALL = 150; // a tree of so many rows is shown open

/** The files as a tree of which only the rows in sight are made. */
export function fileTree(view) {
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
  const activeRow = () => rows.findIndex(([n]) => n === active);

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
    const at = activeRow();
    if (at >= 0 && (at < from || at >= until)) made.push(row(rows[at], at));
    space.replaceChildren(...made);
    if (at >= 0) tree.setAttribute("aria-activedescendant", id(active));
    else tree.removeAttribute("aria-activedescendant");
  }

  function activate(n) {
    active = n;
    const at = activeRow();
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
    if (!active || activeRow() < 0) {
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
    if (activeRow() < 0) active = rows.length ? rows[0][0] : 0;
    tree.scrollTop = 0;
    if (activeRow() >= 0 && view.picked === active) activate(active);
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
    const at = activeRow();
    if (at < 0 || isCommand(event)) return;
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
