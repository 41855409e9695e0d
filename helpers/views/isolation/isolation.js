// Two containers' walls side by side: rings, lamps, facts and mounts, and what came of a trial.
//
// `content` comes from Python, whole, each time something changed; isolation.py says what is in it.
// There is no English in here: all words come with the content.

import { follow } from "../kit/contact.js";
import { make, mark, say } from "../kit/dom.js";
import { fill } from "../kit/words.js";
import { makeLamps } from "./isolation_lamps.js";
import { makeRings } from "./isolation_rings.js";

const NOT_KNOWN = "n/a";

/** One container: its name, facts, lamps, what a lamp means, mounts. */
function makeSide(side, on) {
  const name = make("div", "wb-iso-title");
  const source = make("div", "wb-iso-source");
  const facts = make("ul", "wb-iso-facts");
  const lamps = makeLamps(side, on);
  const meaning = make("div", "wb-iso-meaning");
  const mountsTitle = make("summary");
  const mounts = make("ul", "wb-iso-mounts");
  const more = make("details", "", mountsTitle, mounts);
  const box = make("section", "wb-iso-side", name, source, facts, meaning, lamps.box, more);

  function show(content) {
    const own = content.sides[side];
    say(name, `${"AB"[side]} ${own.name}`);
    box.setAttribute("aria-label", own.name);
    say(source, own.source ? fill(content.words.read, own) : "");
    facts.replaceChildren(
      ...own.facts.map(([label, value]) =>
        make("li", "", make("span", "", label), " ", make("span", "", value))),
    );
    say(mountsTitle, `${content.words.mounts}: ${own.mounts.length}`);
    mounts.replaceChildren(...own.mounts.map((mount) => make("li", "", mount)));
    lamps.show(content);
  }
  return { box, show, meaning };
}

/** What a lamp means and what trying it does. */
function meaningOf(content, cap) {
  const { allows, line, why } = content.caps[cap];
  const { words } = content;
  const act = why ? fill(words.untried, { why }) : fill(words.try, { line: `\`${line}\`` });
  return `${cap} ${allows}. ${act}`;
}

/** What came of a trial, in one sentence. */
function answerOf(content, tried) {
  const { words, sides } = content;
  const where = tried.where ? fill(words.tried_where, tried) : "";
  const name = sides[tried.side].name;
  return `${fill(words.answer, { ...tried, name }).trim()} ${where}`.trim();
}

function render({ model, el }) {
  const title = make("div", "wb-iso-head");
  const contact = make("div", "wb-iso-contact");
  const trouble = make("div", "wb-iso-trouble");
  const about = make("div", "wb-iso-about");
  const answer = make("div", "wb-iso-answer");
  const keys = make("div", "wb-iso-keys");
  for (const region of [trouble, answer]) region.setAttribute("role", "status");
  const rings = makeRings();
  let newest = model.get("content").tried.length;

  const on = {
    look(side, cap) {
      const content = model.get("content");
      if (cap in content.caps) mark(sides[side].meaning, meaningOf(content, cap));
    },
    tried(side, cap) {
      const content = model.get("content");
      const name = content.sides[side].name;
      say(answer, fill(content.words.trying, { cap, name }));
      model.send({ kind: "try", side, cap });
    },
  };
  const sides = [];
  for (const side of [0, 1]) sides.push(makeSide(side, on));
  const columns = make("div", "wb-iso-sides", ...sides.map((side) => side.box));
  const root = make("div", "wb-iso");
  const head = make("div", "wb-iso-top", title, contact);
  root.append(head, trouble, about, rings.box, keys, answer, columns);
  el.replaceChildren(root);

  const show = () => {
    const content = model.get("content");
    say(title, content.title);
    say(trouble, content.trouble);
    say(about, content.words.namespaces);
    say(keys, `${content.words.lamps}. ${content.words.keys}`);
    rings.show(content.rings, NOT_KNOWN);
    for (const side of sides) side.show(content);
    const last = content.tried.reduce((a, b) => (a && a.number > b.number ? a : b), null);
    if (last && last.number > newest) {
      newest = last.number;
      say(answer, answerOf(content, last));
    }
  };
  show();
  return follow(model, show, contact);
}

export default { render };
