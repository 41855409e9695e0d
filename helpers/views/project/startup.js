// How a project came up: a lane for each container on a scale of seconds, start by start.
//
// `content` comes from Python, whole, each time something happened; startup.py says what is in it.
// Between two of them the clock here lets the newest start grow. Every text is set as text.

import { follow } from "../kit/contact.js";
import { arrange, make, makeEach, mark, say } from "../kit/dom.js";
import { endOf, startClock } from "../kit/time_scale.js";
import { Run } from "./startup_run.js";

function render({ model, el }) {
  const title = make("div", "wb-s-title");
  const contact = make("div", "wb-s-contact");
  const trouble = make("div", "wb-s-trouble");
  const list = make("div", "wb-s-runs");
  const keys = make("p", "wb-s-keys");
  const notes = make("div", "wb-s-notes");
  trouble.setAttribute("role", "status");
  const root = make("div", "wb-time wb-s", make("div", "wb-s-top", title, contact), trouble);
  root.append(list, keys, notes);
  el.replaceChildren(root);
  const runs = new Map();
  let shown = [];

  function show() {
    const content = model.get("content");
    mark(title, content.title);
    say(trouble, content.trouble);
    shown = content.runs.map((run) => {
      if (!runs.has(run.id)) runs.set(run.id, new Run());
      runs.get(run.id).show(run, content.words);
      return runs.get(run.id);
    });
    for (const [id, run] of runs) if (!shown.includes(run)) runs.delete(id);
    arrange(list, shown.map((run) => run.element));
    say(keys, shown.length ? content.words.keys : "");
    makeEach(notes, content.notes, (line) => mark(make("p"), line));
    layOut();
  }

  function layOut() {
    const going = shown.filter((run) => run.isGoing).map((run) => endOf(run.now, true));
    const end = Math.max(model.get("content").end, ...going);
    for (const run of shown) run.layOut(end);
  }

  show();
  const end = follow(model, show, contact);
  const stopClock = startClock(() => shown.some((run) => run.isGoing), layOut);
  return () => {
    stopClock();
    end();
  };
}

export default { render };
