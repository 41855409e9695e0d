import { Row } from "./build_row.js";
import { showScale } from "../kit/time_scale.js";
import { arrange, make, mark, say, set } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";
import { fill, secondsText } from "../kit/words.js";

const SILENCE_SECONDS = 5;

/** One build: what became of it, its rows, and its scale. */
export class Build {
  constructor(uid, onChoose) {
    this.uid = uid;
    this.onChoose = onChoose;
    this.rows = new Map();
    this.headings = new Map();
    this.shown = [];
    this.allOwn = false;
    this.label = make("span", "wb-b-label");
    this.command = make("code", "wb-b-command");
    this.line = make("p", "wb-b-line");
    this.why = make("p", "wb-b-why");
    this.steps = withOwnKeys(make("div", "wb-b-steps"));
    this.steps.tabIndex = 0;
    this.steps.setAttribute("role", "listbox");
    this.steps.addEventListener("keydown", (event) => this.key(event));
    this.steps.addEventListener("click", (event) => this.click(event));
    this.scale = make("span", "wb-b-scale");
    this.axis = make("div", "wb-b-axis", this.scale);
    this.axis.setAttribute("aria-hidden", "true");
    this.own = withOwnKeys(make("button", "wb-b-toggle"));
    this.own.type = "button";
    this.own.addEventListener("click", () => {
      this.allOwn = !this.allOwn;
      this.list();
      this.layOut();
    });
    this.foot = make("div", "wb-b-foot", this.own);
    const head = make("div", "wb-b-head", this.label, this.command);
    this.element = make("section", "wb-b-build", head, this.line, this.why);
    this.element.append(this.steps, this.axis, this.foot);
  }

  show(build, words) {
    this.build = build;
    this.words = words;
    this.came = performance.now();
    this.element.dataset.state = build.state;
    say(this.label, build.label);
    this.label.hidden = !build.label;
    say(this.command, build.command);
    // The seconds that run are not read out, the outcome is.
    set(this.line, "aria-live", build.state === "running" ? "off" : "polite");
    if (build.state !== "running") say(this.line, build.line);
    mark(this.why, build.why);
    this.why.hidden = !build.why;
    this.steps.setAttribute("aria-label", words.steps);
    for (const [at, step] of build.steps.entries()) {
      if (!this.rows.has(step.id)) this.rows.set(step.id, new Row(`${this.uid}-${this.rows.size}`));
      this.rows.get(step.id).show(step, words, at + 1);
    }
    this.list();
  }

  /** The rows in the order of the steps, below the names of their stages where there are many. */
  list() {
    const { steps, stages } = this.build;
    const isStaged = Object.keys(stages).length > 1;
    const own = steps.filter((step) => step.own).length;
    this.own.hidden = this.build.state === "running" || !own;
    say(this.own, fill(this.words.own, { count: own }));
    set(this.own, "aria-pressed", String(this.allOwn));
    const shown = steps.filter((step) => step.shown || this.allOwn);
    let stage = null;
    const wanted = [];
    for (const step of shown) {
      if (isStaged && !step.own && step.stage !== stage) {
        stage = step.stage;
        wanted.push(this.stage(stage, stages[stage]));
      }
      wanted.push(this.rows.get(step.id).element);
    }
    this.shown = shown;
    arrange(this.steps, wanted);
  }

  stage(name, title) {
    if (!this.headings.has(name)) {
      const heading = make("div", "wb-b-stage");
      heading.setAttribute("role", "presentation");
      this.headings.set(name, heading);
    }
    say(this.headings.get(name), title);
    return this.headings.get(name);
  }

  get isRunning() {
    return this.build.state === "running";
  }

  /** How far it is, in seconds. */
  get now() {
    // A build that is told of no more was broken off: its clock must not run on for ever.
    const since = this.isRunning ? (performance.now() - this.came) / 1000 : 0;
    return this.build.seconds + Math.min(since, SILENCE_SECONDS);
  }

  layOut(end = this.end) {
    this.end = end;
    const now = this.now;
    for (const step of this.shown) this.rows.get(step.id).moveTo(now, end);
    if (this.isRunning) say(this.line, fill(this.words.now, { seconds: secondsText(now) }));
    showScale(this.scale, this.steps, end);
  }

  click(event) {
    const row = event.target.closest?.(".wb-b-step");
    const step = this.shown.find(({ id }) => this.rows.get(id).element === row);
    if (step) this.onChoose(this, step.id, "click");
  }

  key(event) {
    const at = this.shown.findIndex((step) => step.id === this.chosen);
    const last = this.shown.length - 1;
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last };
    if (event.key in to && last >= 0) {
      event.preventDefault();
      this.onChoose(this, this.shown[to[event.key]].id, "move");
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      this.onChoose(this, this.chosen, "open");
    }
  }

  choose(id) {
    this.chosen = id;
    for (const [key, row] of this.rows) {
      row.element.setAttribute("aria-selected", String(key === id));
    }
    const row = id === null ? null : this.rows.get(id);
    if (row) {
      this.steps.setAttribute("aria-activedescendant", row.element.id);
      row.element.scrollIntoView?.({ block: "nearest" });
    } else {
      this.steps.removeAttribute("aria-activedescendant");
    }
  }

  step(id) {
    return this.build.steps.find((step) => step.id === id);
  }
}
