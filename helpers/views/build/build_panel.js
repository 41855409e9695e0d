import { make, mark, say, set } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";
import { fill, secondsText } from "../kit/words.js";

/** What is known of the chosen step: in words, its log, and its place in the Dockerfile. */
export class Panel {
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
    const content = lines.join("\n") + step.files.join("\n");
    if (this.content === content) return;
    this.content = content;
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
