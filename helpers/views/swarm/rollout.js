// A service on its nodes: shelves with tiles, its requests as strokes, and versions with numbers.
//
// `content` comes from Python, whole; rollout_view.py says what is in it. Every text is set as text,
// and there is no English in here: all words come with the content.

import { follow } from "../kit/contact.js";
import { make, makeEach, mark, say, set } from "../kit/dom.js";
import { makeStrokes, sampleOf } from "../kit/strokes.js";
import { makeShelves } from "./rollout_shelves.js";

function rowOf({ answer, look, cells, meaning }) {
  const [name, ...rest] = cells;
  const first = make("th", "", sampleOf(answer ? "answer" : "failure", look), ` ${name}`);
  first.scope = "row";
  if (meaning) first.append(make("div", "wb-roll-meaning", meaning));
  return make("tr", "", first, ...rest.map((text) => make("td", "", text)));
}

function headOf(names) {
  return make("tr", "", ...names.map((name) => {
    const cell = make(name ? "th" : "td", "", name);
    if (name) cell.scope = "col";
    return cell;
  }));
}

/** {element, show(load)}: the counter and the strokes; not to be seen without a load. */
function makeRequests() {
  const counter = make("span", "wb-roll-counter");
  const over = make("span", "wb-roll-over");
  const about = make("div", "wb-roll-faint");
  const strokes = makeStrokes();
  over.setAttribute("role", "status");
  const line = make("div", "wb-roll-counts", counter, over);
  const element = make("div", "wb-roll-requests", line, strokes.box, about);
  const show = (load) => {
    element.hidden = !load;
    if (!load) return;
    say(counter, load.counter);
    set(counter, "data-failed", String(load.failed));
    say(over, load.over);
    say(about, load.about);
    strokes.show(load);
  };
  return { element, show };
}

function render({ model, el }) {
  const title = make("div", "wb-roll-title");
  const contact = make("div", "wb-roll-contact");
  const update = make("div", "wb-roll-update");
  const message = make("div", "wb-roll-message");
  const trouble = make("div", "wb-roll-trouble");
  for (const region of [update, trouble]) region.setAttribute("role", "status");
  const shelves = makeShelves();
  const troubles = make("ul", "wb-roll-troubles");
  const requests = makeRequests();
  const caption = make("caption");
  const head = make("thead");
  const body = make("tbody");
  const table = make("div", "wb-roll-table", make("table", "", caption, head, body));
  const notes = make("div", "wb-roll-notes");
  const root = make("div", "wb-roll wb-tiled", make("div", "wb-roll-top", title, contact), trouble);
  root.append(update, message, shelves.element, shelves.detail, troubles, requests.element);
  root.append(table, notes);
  root.setAttribute("role", "group");
  el.replaceChildren(root);

  const show = () => {
    const content = model.get("content");
    const { words } = content;
    mark(title, content.title);
    set(root, "aria-label", content.title);
    set(root, "data-stale", String(content.stale));
    say(trouble, content.trouble);
    say(update, content.update);
    set(update, "data-state", content.state);
    say(message, content.message);
    shelves.show(content);
    makeEach(troubles, content.troubles, (line) => make("li", "", line));
    requests.show(content.load);
    say(caption, words.versions);
    table.hidden = content.rows.length === 0;
    makeEach(head, [content.head], headOf);
    makeEach(body, content.rows, rowOf);
    makeEach(notes, content.notes, (line) => make("p", "", line));
  };
  show();
  return follow(model, show, contact);
}

export default { render };
