import { button, make } from "../kit/dom.js";
import { fill, sizeText } from "../kit/words.js";

const PAGE = 100;

/** The waste ledger: how much, brought by which line, hidden by which, and what to change. */
export function ledger(view) {
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
