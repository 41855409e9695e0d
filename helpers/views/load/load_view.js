// A load: its strokes, its counts in words, and a table of versions and failures.
//
// `content` comes from Python, whole; load_view.py says what is in it. Every text is set as text, and
// there is no English in here: all words come with the content.

import { follow } from "../kit/contact.js";
import { button, make, makeEach, say, set } from "../kit/dom.js";
import { makeStrokes, sampleOf } from "../kit/strokes.js";

function rowOf({ answer, look, meaning, cells }) {
  const [name, ...rest] = cells;
  const first = make("th", "", sampleOf(answer ? "answer" : "failure", look), ` ${name}`);
  first.scope = "row";
  if (meaning) first.append(make("div", "wb-load-meaning", meaning));
  return make("tr", "", first, ...rest.map((text) => make("td", "", text)));
}

function headOf(names) {
  return make("tr", "", ...names.map((name) => {
    const cell = make(name ? "th" : "td", "", name);
    if (name) cell.scope = "col";
    return cell;
  }));
}

function render({ model, el }) {
  const title = make("div", "wb-load-title");
  const contact = make("div", "wb-load-contact");
  const line = make("div", "wb-load-line");
  const about = make("div", "wb-load-about");
  const trouble = make("div", "wb-load-trouble");
  const state = make("div", "wb-load-state");
  for (const region of [trouble, state]) region.setAttribute("role", "status");
  const stop = button("wb-load-stop", "", () => model.send({ kind: "stop" }));
  const strokes = makeStrokes();
  const caption = make("caption");
  const head = make("thead");
  const body = make("tbody");
  const table = make("div", "wb-load-table", make("table", "", caption, head, body));
  const root = make("div", "wb-load", make("div", "wb-load-top", title, contact, stop), line);
  root.append(state, trouble, strokes.box, about, table);
  root.setAttribute("role", "group");
  el.replaceChildren(root);

  const show = () => {
    const content = model.get("content");
    const { words } = content;
    say(title, content.title);
    set(root, "aria-label", content.title);
    say(line, content.ended ? "" : content.line);
    say(state, content.ended ? content.line : "");
    say(trouble, content.trouble);
    say(about, content.series.length ? content.about : words.none);
    say(stop, words.stop);
    stop.hidden = content.ended;
    strokes.show({ ...content, label: `${content.title}. ${content.line}` });
    say(caption, words.numbers);
    table.hidden = content.series.length === 0;
    makeEach(head, [content.head], headOf);
    makeEach(body, content.series, rowOf);
  };
  show();
  return follow(model, show, contact, ({ ended, words }, isThere) => {
    if (ended) return "";
    return isThere ? words.live : words.waiting;
  });
}

export default { render };
