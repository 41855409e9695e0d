import { make } from "../kit/dom.js";
import { fill } from "../kit/words.js";

/** Two images side by side: what both have is on the disk once. */
export function sharedLayers(view) {
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
