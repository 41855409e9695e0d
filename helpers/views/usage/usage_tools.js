// What stands above and below the charts: the tools, and the list of what happened.

import { button, make, say } from "../kit/dom.js";
import { autoColumn } from "./usage_kinds.js";
import { fill } from "../kit/words.js";

const SPANS_S = [60, 300, 600];
const MOST = 4;
const MANY = 6;

/** Pause, the time shown, what is highlighted, a filter. */
export function makeToolbar(state, onChange) {
  const box = make("div", "wb-u-tools");
  const pause = button("", "", () => {
    state.paused = state.paused === null ? state.now() : null;
    onChange();
  });
  const span = make("select");
  const choice = make("select");
  const filter = make("input");
  filter.type = "search";
  box.append(pause, span, choice, filter);
  span.addEventListener("change", () => {
    state.span = Number(span.value);
    onChange();
  });
  choice.addEventListener("change", () => {
    state.mode = choice.value;
    onChange();
  });
  filter.addEventListener("input", () => {
    state.filter = filter.value;
    onChange();
  });

  function options(select, pairs, value) {
    const wanted = JSON.stringify(pairs);
    if (select.dataset.options !== wanted) {
      select.dataset.options = wanted;
      select.replaceChildren(
        ...pairs.map(([key, text]) => Object.assign(make("option", "", text), { value: key })),
      );
    }
    select.value = value;
  }

  function show(content, size) {
    const { words } = content;
    say(pause, state.paused === null ? words.pause : words.resume);
    pause.setAttribute("aria-pressed", String(state.paused !== null));
    const spans = SPANS_S.map((seconds) => [
      String(seconds),
      seconds === 60 ? words.minute : fill(words.minutes, { count: seconds / 60 }),
    ]);
    options(span, spans, String(state.span));
    span.setAttribute("aria-label", words.span);
    const column = words[autoColumn(state)];
    const modes = [["auto", fill(words.auto, { count: Math.min(size, 3), column })]];
    options(choice, [...modes, ["mine", words.mine]], state.mode);
    choice.setAttribute("aria-label", words.highlight);
    choice.hidden = size <= MOST;
    filter.placeholder = words.filter;
    filter.setAttribute("aria-label", words.filter);
    filter.hidden = size <= MANY;
    box.hidden = Boolean(content.ended) && size <= 1;
  }
  return { box, show };
}

/** What happened, newest first. */
export function makeEvents() {
  const box = make("details", "wb-u-events");
  const title = make("summary");
  const list = make("ol");
  box.append(title, list);
  box.open = true;
  function show(content, names, clock) {
    say(title, content.words.events);
    box.hidden = !content.marks.length;
    const rows = [...content.marks].reverse().map(([at, number, sign, name, words]) => {
      const row = make("li");
      const who = make("b", "", names.get(number) ?? "?");
      row.append(make("time", "", clock(at)), who, make("code", "", `${sign} ${name}`),
        make("span", "", words));
      return row;
    });
    list.replaceChildren(...rows);
  }
  return { box, show };
}
