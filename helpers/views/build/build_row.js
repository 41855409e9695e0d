import { make, say, set } from "../kit/dom.js";
import { fill, secondsText } from "../kit/words.js";

const NOTE_SHARE = 0.72; // a bar that ends further right than this has its note on the left

/** One row: line of the Dockerfile, mark, instruction, bar, note. */
export class Row {
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
  moveTo(now, end) {
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
