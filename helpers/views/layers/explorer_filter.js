import { button, make, say } from "../kit/dom.js";
import { FINAL } from "./image_files.js";
import { withOwnKeys } from "../kit/keys.js";
import { countText, fill, sizeText } from "../kit/words.js";

const SIZES = [0, 1e4, 1e5, 1e6, 1e7, 1e8];

/** Name, kinds, size and order: what of the files is shown. */
export function filterBar(view) {
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
  const buttons = kinds.map(([kind, sign, word], index) => {
    const toggle = button(`wb-x-kind wb-x-${kind}`, "", () => {
      const chosen = new Set(view.filter.kinds);
      if (!chosen.delete(index)) chosen.add(index);
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
  const tally = make("span", "wb-x-count");
  tally.setAttribute("role", "status");
  bar.append(name, least, order, group, all, tally);

  function show() {
    const { filter, look, scope } = view;
    buttons.forEach((toggle, index) => {
      toggle.setAttribute("aria-pressed", String(filter.kinds.has(index)));
      toggle.hidden = scope === FINAL && kinds[index][0] === "removed";
    });
    all.hidden = !view.isFiltered;
    const count = look ? look.files[0] : 0;
    const text = count === 1 ? words.file : fill(words.files, { count: countText(count) });
    say(tally, look ? `${text}, ${sizeText(look.total[0])}` : "");
  }
  return { element: bar, show };
}
