// The steps of a build as bars on a scale of seconds: live while it runs, to look into afterwards.
//
// `content` comes from Python whole, several times a second while a build runs; build_content.py
// says what is in it. Between two of them the clock here lets the running bars grow. Every text is
// set as text, never as HTML. There is no English in here: words come with the content.

import { Panel } from "./build_panel.js";
import { LEAST_SECONDS, endOf, startClock } from "../kit/time_scale.js";
import { Build } from "./build_steps.js";
import { make, say } from "../kit/dom.js";

let views = 0;

function render({ model, el }) {
  const uid = `wb-b-${Date.now().toString(36)}-${(views += 1)}`;
  const builds = [];
  let [chosen, isOpen, byHand] = [null, false, false];
  const compared = make("p", "wb-b-compared");
  const list = make("div", "wb-b-builds");
  const hint = make("p", "wb-b-hint");
  const panel = new Panel(() => choose(chosen?.build, null, "close"));
  const root = make("div", "wb-time wb-b", compared, list, hint, panel.element);
  el.replaceChildren(root);
  // Esc closes what is open first, and leads out of the widget when nothing is.
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || root.dataset.open !== "true") return;
    event.preventDefault();
    choose(chosen.build, null, "close");
    chosen.build.steps.focus();
  });

  function choose(build, id, how) {
    byHand = true;
    if (how === "click" || how === "open") {
      const isSame = chosen?.build === build && chosen.id === id;
      isOpen = !(isSame && isOpen);
    }
    if (how === "close") isOpen = false;
    if (id !== null) chosen = { build, id };
    markChosen();
  }

  function markChosen() {
    for (const build of builds) build.choose(chosen?.build === build ? chosen.id : null);
    const step = chosen && chosen.build.step(chosen.id);
    if (step && isOpen) panel.show(chosen.build, step, model.get("content").words);
    else panel.hide();
    hint.hidden = Boolean(step && isOpen);
    root.dataset.open = String(Boolean(step && isOpen));
  }

  function show() {
    const content = model.get("content");
    say(compared, content.compared);
    compared.hidden = !content.compared;
    say(hint, content.words.hint);
    content.builds.forEach((build, at) => {
      if (!builds[at]) {
        builds[at] = new Build(`${uid}-${at}`, choose);
        list.append(builds[at].element);
      }
      builds[at].show(build, content.words);
      // The step that failed is what everybody wants to see, unless they look at another one.
      if (build.failed && !byHand) [chosen, isOpen] = [{ build: builds[at], id: build.failed }, true];
    });
    root.dataset.state = content.builds.at(-1)?.state ?? "";
    markChosen();
    layOut();
  }

  function layOut() {
    const ends = builds.map((build) => endOf(build.now, build.isRunning));
    const end = Math.max(...ends, LEAST_SECONDS);
    for (const build of builds) build.layOut(end);
  }

  show();
  model.on("change:content", show);
  const stopClock = startClock(() => builds.some((build) => build.isRunning), layOut);
  return () => {
    stopClock();
    model.off("change:content", show);
  };
}

export default { render };
