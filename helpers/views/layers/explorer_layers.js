import { make } from "../kit/dom.js";
import { FINAL } from "./image_files.js";
import { withOwnKeys } from "../kit/keys.js";

/** The layers as a list to choose from; the choice is what the other parts show. */
export function layerList(view) {
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
