// The layers of an image: which instruction brought which bytes, and which later one hid them.
//
// `content` is small and comes from Python whole, each time something is known: layer_explorer.py
// says what is in it. `data` comes once, when the files are read: all files and changes, gzipped,
// as explorer_tree.py packs them. From then on all is done here, so that a click needs no kernel.
// Every text is set as text, never as HTML. There is no English in here: words come with `content`.
//
// The parts share one `view`: what is known (`content`, `tree`), what is chosen (`scope`, `tab`,
// `filter`) and what of the files that leaves (`look`). A part is {element, show()}.

import { button, make, say } from "../kit/dom.js";
import { fileTree } from "./explorer_files.js";
import { filterBar } from "./explorer_filter.js";
import { layerList } from "./explorer_layers.js";
import { Look } from "./explorer_look.js";
import { byteMap } from "./explorer_map.js";
import { sharedLayers } from "./explorer_shared.js";
import { ledger } from "./explorer_waste.js";
import { FINAL, unpack } from "./image_files.js";
import { tabBar } from "../kit/tabs.js";

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
