// The map of networks: bands with boxes of containers, lines over them, and the same as a list.
//
// `content` comes from Python, whole, each time something changed; network_map.py says what is in it.
// There is no English in here: all words come with the content.

import { follow } from "../kit/contact.js";
import { make, makeEach, mark, say, set } from "../kit/dom.js";
import { fill } from "../kit/words.js";
import { makeBands } from "./network_map_bands.js";
import { makeLines } from "./network_map_lines.js";

/** One attempt for those who read: the route, what came of it, and the command for the same. */
function attemptRow(line) {
  const outcome = make("span", "wb-net-outcome", line.label);
  const address = line.address ? ` (${line.address})` : "";
  const route = make("span", "wb-net-route", `${line.route}${address}`);
  const details = make("span", "wb-net-details", line.details);
  const command = make("div", "wb-net-command", make("code", "", line.command));
  const row = make("li", "wb-net-attempt", outcome, " ", route, " ", details, command);
  row.dataset.outcome = line.outcome;
  return row;
}

/** What a resolver answered, name by name. */
function lookupRow([name, answer]) {
  return make("li", "", make("span", "wb-net-asked", name), " ", make("span", "", answer));
}

function render({ model, el }) {
  const title = make("div", "wb-net-title");
  const contact = make("div", "wb-net-contact");
  const trouble = make("div", "wb-net-trouble");
  const about = make("div", "wb-net-about");
  const answer = make("div", "wb-net-answer");
  for (const region of [trouble, answer]) region.setAttribute("role", "status");
  const answers = make("ul", "wb-net-answers");
  const attempts = make("ul", "wb-net-attempts");
  const triedTitle = make("div", "wb-net-tried");
  const bands = makeBands((station) => {
    const { words } = model.get("content");
    say(answer, fill(words.asking, station));
    model.send({ kind: "names", station: station.id });
  });
  const lines = makeLines(bands);
  const lookup = make("div", "wb-net-lookup", answer, answers);
  const tried = make("section", "wb-net-list", triedTitle, attempts);
  const root = make("div", "wb-net", make("div", "wb-net-top", title, contact), trouble, about);
  root.append(lines.box, lookup, tried);
  el.replaceChildren(root);

  let newest = 0;
  const show = () => {
    const content = model.get("content");
    const { words } = content;
    say(title, content.title);
    say(trouble, content.trouble);
    say(about, `${words.about} ${words.keys}`);
    bands.show(content);
    lines.show(content);
    mark(triedTitle, content.lines.length ? words.tried : words.none);
    set(tried, "aria-label", words.tried);
    makeEach(attempts, content.lines, attemptRow);
    if (content.lookup.number > newest) {
      newest = content.lookup.number;
      say(answer, content.lookup.line);
      makeEach(answers, content.lookup.rows, lookupRow);
    }
  };
  show();
  const end = follow(model, show, contact);
  return () => {
    lines.end();
    end();
  };
}

export default { render };
