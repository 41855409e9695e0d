// A cluster: what is wished, the programs, and what is observed, floor by floor.
//
// The content comes from Python in parts; reconcile_view.py says what is in them. Every text is set
// as text, and there is no English in here: all words come with the content.

import { follow } from "../kit/contact.js";
import { make, makeEach, mark, say, set } from "../kit/dom.js";
import { followParts } from "../kit/parts.js";
import { makeFloors } from "./reconcile_floors.js";

function render({ model, el }) {
  const { words } = model.get("content");
  const title = make("div", "wb-rec-title");
  const contact = make("div", "wb-rec-contact");
  const trouble = make("div", "wb-rec-trouble");
  trouble.setAttribute("role", "status");
  const notes = make("div", "wb-rec-notes");
  const floors = makeFloors(words);
  const root = make("div", "wb-rec wb-tiled", make("div", "wb-rec-top", title, contact), trouble);
  root.append(floors.element, floors.detail, notes);
  root.setAttribute("role", "group");
  el.replaceChildren(root);

  const show = (parts) => {
    const { head } = parts;
    mark(title, head.title);
    set(root, "aria-label", head.title);
    set(root, "data-stale", String(head.stale));
    say(trouble, head.trouble);
    floors.show(parts);
    makeEach(notes, head.notes, (line) => make("p", "", line));
  };
  const endParts = followParts(model, show);
  const endContact = follow(model, () => {}, contact);
  return () => {
    endParts();
    endContact();
  };
}

export default { render };
