// The steps of a build as bars on a scale of seconds: live while it runs, to look into afterwards.
//
// `content` comes from Python whole, several times a second while a build runs; build_content.py
// says what is in it. Between two of them the clock here lets the running bars grow. Every text is
// set as text, never as HTML. There is no English in here: words come with the content.

const TICKS = 6;
const LEAST_SECONDS = 0.5;
const SILENCE_SECONDS = 5;
const NOTE_SHARE = 0.72; // a bar that ends further right than this has its note on the left
const STEPS_OF_SCALE = [1, 2, 5];

/** A new element with that class and these children; texts become text nodes. */
function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== ""));
  return element;
}

/** The text only where it is new, so that a screen reader is told of changes alone. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The text, what stands between backticks as code; only where it is new. */
function mark(element, text) {
  if (element.wbText === text) return element;
  element.wbText = text;
  const parts = text.split("`");
  const isCode = (at) => at % 2 === 1 && at < parts.length - 1;
  element.replaceChildren(
    ...parts.map((part, at) => {
      if (isCode(at)) return make("code", "", part);
      return at % 2 ? `\`${part}` : part;
    }),
  );
  return element;
}

/** The attribute only where it is new, so that an animation goes on undisturbed. */
function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The words with {name} replaced; the values are text. */
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The element keeps its keys: in JupyterLab, arrows and letters would be commands. */
function withOwnKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return element;
}

/** Seconds as helpers/model/units.py writes them. */
function secondsText(seconds) {
  if (seconds >= 60) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  return seconds >= 10 ? `${seconds.toFixed(1)} s` : `${seconds.toFixed(2)} s`;
}

/** The seconds between two ticks: 1, 2 or 5 times a power of ten. */
function tickOf(seconds) {
  const rough = seconds / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = STEPS_OF_SCALE.find((step) => step * power >= rough) ?? 10;
  return times * power;
}

/** The end of the scale: at the last second of what is over; with room to grow while it runs. */
function endOf(seconds, isRunning) {
  const least = Math.max(seconds, LEAST_SECONDS);
  if (!isRunning) return least;
  const tick = tickOf(least * 1.15);
  return Math.ceil((least * 1.05) / tick) * tick;
}

/** One row: line of the Dockerfile, mark, instruction, bar, note. */
class Row {
  constructor(id) {
    this.sign = make("span", "wb-b-sign");
    this.sign.setAttribute("aria-hidden", "true");
    this.line = make("span", "wb-b-number");
    this.title = make("code", "wb-b-what");
    this.bar = make("span", "wb-b-bar");
    this.note = make("span", "wb-b-note");
    const track = make("span", "wb-b-track", this.bar, this.note);
    this.element = make("div", "wb-b-step", this.sign, this.line, this.title, track);
    this.element.id = id;
    this.element.setAttribute("role", "option");
  }

  show(step, words, number) {
    this.step = step;
    set(this.element, "data-status", step.status);
    this.element.classList.toggle("wb-b-own", step.own);
    say(this.sign, words[step.status]);
    say(this.line, step.line === null ? "" : String(step.line));
    say(this.title, step.title);
    set(this.title, "title", step.title);
    this.words = words;
    const where = step.line === null ? "" : `${fill(words.line, { n: step.line })}, `;
    const status = words[`step_${step.status}`];
    this.element.setAttribute("aria-label", `${where}${step.title}: ${status} ${step.note}`);
  }

  /** Puts the bar in its place; `now` is how far the build is, `end` how long the scale. */
  place(now, end) {
    const { started, completed, status, note } = this.step;
    if (started === null) {
      this.bar.style.display = this.note.style.display = "none";
      return;
    }
    const last = status === "running" ? Math.max(now, started) : (completed ?? started);
    const [from, to] = [started / end, Math.min(last / end, 1)];
    this.bar.style.display = this.note.style.display = "";
    this.bar.style.left = `${100 * from}%`;
    this.bar.style.width = `${100 * Math.max(to - from, 0)}%`;
    const running = [secondsText(last - started), note].filter(Boolean).join(", ");
    say(this.note, status === "running" ? running : note);
    this.moveNote(from, to);
  }

  /** The note stands right of the bar; where there is no room, left of it, or else on it. */
  moveNote(from, to) {
    const isRight = to <= NOTE_SHARE;
    const isOn = !isRight && from < 1 - NOTE_SHARE;
    this.note.classList.toggle("wb-b-inside", isOn);
    this.note.style.left = isRight ? `${100 * to}%` : "";
    this.note.style.right = isRight ? "" : `${100 * (1 - (isOn ? to : from))}%`;
  }
}

/** One build: what became of it, its rows, and its scale. */
class Build {
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
    this.axis = make("div", "wb-b-axis");
    this.axis.setAttribute("aria-hidden", "true");
    this.own = withOwnKeys(make("button", "wb-b-toggle"));
    this.own.type = "button";
    this.own.addEventListener("click", () => {
      this.allOwn = !this.allOwn;
      this.list();
      this.place();
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
    const shown = steps.filter((step) => step.told || this.allOwn);
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
    const have = [...this.steps.children];
    const same = have.length === wanted.length && have.every((row, at) => row === wanted[at]);
    if (!same) this.steps.replaceChildren(...wanted);
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

  place(end = this.end) {
    this.end = end;
    const now = this.now;
    for (const step of this.shown) this.rows.get(step.id).place(now, end);
    if (this.isRunning) say(this.line, fill(this.words.now, { seconds: secondsText(now) }));
    this.ticks(end);
  }

  ticks(end) {
    const tick = tickOf(end);
    if (this.tick === tick && this.tickEnd === end) return;
    [this.tick, this.tickEnd] = [tick, end];
    const digits = Math.max(0, Math.ceil(-Math.log10(tick)));
    const marks = [];
    for (let at = 0; at * tick <= end * 0.985; at += 1) {
      const mark = make("span", "wb-b-tick", `${(at * tick).toFixed(digits)} s`);
      mark.style.left = `${(100 * at * tick) / end}%`;
      marks.push(mark);
    }
    this.axis.replaceChildren(make("span", "wb-b-scale", ...marks));
    this.steps.style.setProperty("--wb-tick", `${(100 * tick) / end}%`);
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
    } else if (event.key === "Escape") {
      this.onChoose(this, null, "close");
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

/** What is known of the chosen step: in words, its log, and its place in the Dockerfile. */
class Panel {
  constructor(onClose) {
    this.title = make("code", "wb-b-whole");
    this.close = withOwnKeys(make("button", "wb-b-close", "×"));
    this.close.type = "button";
    this.close.addEventListener("click", onClose);
    this.about = make("div", "wb-b-about");
    this.log = withOwnKeys(make("div", "wb-b-log"));
    this.log.tabIndex = 0;
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "off");
    this.file = withOwnKeys(make("div", "wb-b-file"));
    this.file.tabIndex = 0;
    this.file.setAttribute("role", "region");
    const head = make("div", "wb-b-panel-head", this.title, this.close);
    const parts = make("div", "wb-b-parts", this.log, this.file);
    this.element = make("div", "wb-b-panel", head, this.about, parts);
    this.element.hidden = true;
    for (const box of [this.log, this.file]) {
      box.addEventListener("wheel", (event) => event.stopPropagation(), { passive: true });
    }
  }

  show(build, step, words) {
    const isNew = this.id !== step.id || this.of !== build.uid;
    [this.id, this.of] = [step.id, build.uid];
    this.element.hidden = false;
    this.element.dataset.status = step.status;
    set(this.close, "aria-label", words.close);
    set(this.log, "aria-label", words.log);
    set(this.file, "aria-label", words.dockerfile);
    say(this.title, step.whole);
    this.tell(step, words);
    this.write(step, words, isNew);
    this.number(build.build.dockerfile, step, words, isNew);
  }

  tell(step, words) {
    const status = `${words[step.status]} ${words[`step_${step.status}`]}`;
    const lines = [[status, ...step.facts].join(", "), step.reason, step.error];
    const parts = lines.filter(Boolean).map((text) => mark(make("p"), text));
    if (step.files.length > 1) {
      parts.push(make("ul", "", ...step.files.map((path) => make("li", "", path))));
    }
    const told = lines.join("\n") + step.files.join("\n");
    if (this.told === told) return;
    this.told = told;
    this.about.replaceChildren(...parts);
  }

  /** Adds the lines that are new, and stays at the end where the reader was at the end. */
  write(step, words, isNew) {
    const { log, box } = { log: step.log, box: this.log };
    const count = step.cut + log.length;
    const atEnd = isNew || box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    const from = this.written - step.cut;
    if (isNew || from < 0 || count < this.written || step.cut !== this.cut) {
      box.replaceChildren();
      if (step.cut) box.append(make("div", "wb-b-cut", fill(words.cut, { count: step.cut })));
      if (!count) box.append(make("div", "wb-b-cut", words.no_log));
      this.append(log);
    } else if (from < log.length) {
      if (!this.written) box.replaceChildren();
      this.append(log.slice(from));
    }
    [this.written, this.cut] = [count, step.cut];
    if (atEnd) box.scrollTop = box.scrollHeight;
  }

  append(lines) {
    const parts = document.createDocumentFragment();
    for (const [at, text, isError] of lines) {
      const row = make("div", isError ? "wb-b-stderr" : "", text || " ");
      row.dataset.at = secondsText(at);
      parts.append(row);
    }
    this.log.append(parts);
  }

  number(lines, step, words, isNew) {
    this.file.hidden = !lines.length;
    const key = `${step.lines.join()}${step.status}${lines.length}`;
    if (!isNew && this.numbered === key) return;
    this.numbered = key;
    const marked = new Set(step.lines);
    const rows = lines.map((text, at) => {
      const row = make("div", marked.has(at + 1) ? "wb-b-here" : "");
      const mark = at + 1 === step.lines[0] ? words.here : "";
      row.append(make("span", "wb-b-mark", mark), make("span", "wb-b-number", String(at + 1)));
      row.append(make("code", "", text || " "));
      return row;
    });
    this.file.replaceChildren(...rows);
    const here = this.file.querySelector(".wb-b-here");
    if (here) this.file.scrollTop = here.offsetTop - this.file.clientHeight / 2;
  }

  hide() {
    this.element.hidden = true;
    this.id = this.of = null;
  }
}

let views = 0;

function render({ model, el }) {
  const uid = `wb-b-${Date.now().toString(36)}-${(views += 1)}`;
  const builds = [];
  let [chosen, isOpen, byHand] = [null, false, false];
  const compared = make("p", "wb-b-compared");
  const list = make("div", "wb-b-builds");
  const hint = make("p", "wb-b-hint");
  const panel = new Panel(() => choose(chosen?.build, null, "close"));
  const root = make("div", "wb-b", compared, list, hint, panel.element);
  el.replaceChildren(root);

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
    place();
  }

  function place() {
    const ends = builds.map((build) => endOf(build.now, build.isRunning));
    const end = Math.max(...ends, LEAST_SECONDS);
    for (const build of builds) build.place(end);
  }

  let frame = 0;
  let isGone = false;
  function tick() {
    if (isGone) return;
    if (builds.some((build) => build.isRunning)) place();
    frame = setTimeout(() => requestAnimationFrame(tick), 80);
  }
  show();
  model.on("change:content", show);
  tick();
  return () => {
    isGone = true;
    clearTimeout(frame);
    model.off("change:content", show);
  };
}

export default { render };
