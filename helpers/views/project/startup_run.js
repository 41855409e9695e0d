// One start: its verdict, a lane for each container, and the scale below.

import { arrange, make, say, set } from "../kit/dom.js";
import { showScale } from "../kit/time_scale.js";
import { fill, secondsText } from "../kit/words.js";

const SILENCE_SECONDS = 8;
const NEAR = 0.04; // of the scale: an exit code is left out where the next one stands so near

/** One container: sign, name, bars with marks on them, and a note in words. */
class Lane {
  constructor() {
    this.sign = make("span", "wb-s-sign");
    this.name = make("code", "wb-s-name");
    this.track = make("span", "wb-s-track");
    this.note = make("span", "wb-s-note");
    this.element = make("div", "wb-s-lane", this.sign, this.name, this.track, this.note);
    this.element.setAttribute("role", "listitem");
    for (const part of [this.sign, this.track]) part.setAttribute("aria-hidden", "true");
  }

  show(lane) {
    this.lane = lane;
    set(this.element, "data-outcome", lane.outcome);
    say(this.sign, lane.mark);
    say(this.name, lane.name);
    set(this.name, "title", lane.name);
    say(this.note, lane.note);
    set(this.note, "title", lane.note);
    set(this.element, "aria-label", `${lane.name}, ${lane.status}: ${lane.note}`);
    const key = JSON.stringify([lane.bars, lane.breaks, lane.answer]);
    if (this.key === key) return;
    this.key = key;
    this.bars = lane.bars.map(([phase]) => {
      const bar = make("span", "wb-s-bar");
      bar.dataset.phase = phase;
      return bar;
    });
    this.breaks = lane.breaks.map(() => make("span", "wb-s-break", "✗"));
    this.codes = lane.breaks.map(([, text]) => make("span", "wb-s-code", text));
    const sign = lane.answer?.beyond ? "▶" : "◆";
    this.answers = lane.answer ? [make("span", "wb-s-answer", sign)] : [];
    this.track.replaceChildren(...this.bars, ...this.breaks, ...this.codes, ...this.answers);
  }

  /** Puts all into its place; `last` is how far what goes on is drawn, `end` the scale's end. */
  layOut(last, end) {
    const share = (at) => 100 * Math.min(Math.max(at / end, 0), 1);
    this.lane.bars.forEach(([, since, until], at) => {
      const [from, to] = [share(since), share(until ?? Math.max(last, since))];
      this.bars[at].style.left = `${from}%`;
      this.bars[at].style.width = `${Math.max(to - from, 0)}%`;
    });
    this.lane.breaks.forEach(([at], index) => {
      const next = this.lane.breaks[index + 1];
      const isFree = !next || next[0] - at > NEAR * end;
      this.breaks[index].style.left = this.codes[index].style.left = `${share(at)}%`;
      this.codes[index].style.display = isFree ? "" : "none";
    });
    for (const answer of this.answers) answer.style.left = `${share(this.lane.answer.at)}%`;
  }
}

export class Run {
  constructor() {
    this.lanes = new Map();
    this.label = make("span", "wb-s-label");
    this.line = make("span", "wb-s-line");
    this.list = make("div", "wb-s-lanes");
    this.list.setAttribute("role", "list");
    this.scale = make("span", "wb-s-scale");
    const axis = make("div", "wb-s-axis", this.scale);
    axis.setAttribute("aria-hidden", "true");
    const head = make("div", "wb-s-head", this.label, " ", this.line);
    this.element = make("section", "wb-s-run", head, this.list, axis);
  }

  get isGoing() {
    return this.run.state === "going";
  }

  /** How far it is, in seconds; a clock of which nothing more is heard stands still. */
  get now() {
    const since = this.isGoing ? (performance.now() - this.came) / 1000 : 0;
    return this.run.seconds + Math.min(since, SILENCE_SECONDS);
  }

  show(run, words) {
    this.run = run;
    this.words = words;
    this.came = performance.now();
    set(this.element, "data-state", run.state);
    set(this.element, "aria-label", run.label);
    set(this.list, "aria-label", words.lanes);
    // The seconds that run are not read out, the outcome is.
    set(this.line, "aria-live", this.isGoing ? "off" : "polite");
    say(this.label, run.label);
    if (!this.isGoing) say(this.line, run.line);
    this.shown = run.lanes.map((lane) => {
      if (!this.lanes.has(lane.id)) this.lanes.set(lane.id, new Lane());
      this.lanes.get(lane.id).show(lane);
      return this.lanes.get(lane.id);
    });
    arrange(this.list, this.shown.map((lane) => lane.element));
  }

  layOut(end) {
    const { now } = this;
    for (const lane of this.shown) lane.layOut(this.isGoing ? now : end, end);
    if (this.isGoing) say(this.line, fill(this.words.now, { seconds: secondsText(now) }));
    showScale(this.scale, this.list, end);
  }
}
