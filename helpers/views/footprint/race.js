// A race to the first HTTP answer: one lane for each that takes part, growing while it runs.
//
// `content` comes from Python, whole, at each mark that is reached; race.py says what is in it. In
// between, the clock here goes on by itself. Every text is set as text, never as HTML, and there is
// no English in here: all words come with the content.

import { make, say } from "../kit/dom.js";

/** One lane: its name, a bar with a tick at each mark, and the marks as a list. */
function makeLane(index) {
  const box = make("div", `wb-race-lane wb-race-${index}`);
  const head = make("div", "wb-race-head");
  const name = make("span", "wb-race-name");
  const result = make("span", "wb-race-result");
  const track = make("div", "wb-race-track");
  const bar = make("div", "wb-race-bar");
  const marks = make("ol", "wb-race-marks");
  const trouble = make("div", "wb-race-trouble");
  result.setAttribute("aria-live", "polite");
  head.append(name, result);
  track.append(bar);
  box.append(head, track, marks, trouble);

  function show(lane) {
    say(name, lane.detail ? `${lane.name} (${lane.detail})` : lane.name);
    say(result, lane.result);
    say(trouble, lane.trouble);
    marks.replaceChildren(
      ...lane.marks.map(([what, , after]) => {
        const row = make("li");
        row.append(make("span", "wb-race-after", after), make("span", "", what));
        return row;
      }),
    );
    box.dataset.over = String(lane.over);
  }

  function grow(lane, seconds, scale) {
    const last = lane.marks.length ? lane.marks.at(-1)[1] : 0;
    const end = lane.over ? last : seconds;
    bar.style.width = `${Math.max(100 * (end / scale), 0.4)}%`;
    track.querySelectorAll(".wb-race-tick").forEach((tick) => tick.remove());
    for (const [, at] of lane.marks) {
      const tick = make("div", "wb-race-tick");
      tick.style.left = `${100 * (at / scale)}%`;
      track.append(tick);
    }
  }
  return { box, show, grow };
}

function render({ model, el }) {
  const root = make("div", "wb-race");
  const title = make("div", "wb-race-title");
  const clock = make("div", "wb-race-clock");
  root.append(title, clock);
  root.setAttribute("role", "group");
  el.replaceChildren(root);
  const lanes = model.get("content").lanes.map((_, index) => makeLane(index));
  root.append(...lanes.map((lane) => lane.box));

  let frame = 0;
  let received = performance.now();
  const seconds = () => {
    const { elapsed, over } = model.get("content");
    return over ? elapsed : elapsed + (performance.now() - received) / 1000;
  };
  const draw = () => {
    const content = model.get("content");
    const now = seconds();
    const scale = Math.max(now, 1) * (content.over ? 1 : 1.05);
    content.lanes.forEach((lane, index) => lanes[index].grow(lane, now, scale));
    const state = content.over ? content.words.over : content.words.running;
    clock.textContent = `${state} · ${now.toFixed(1)} s · ${content.words.clock}`;
    if (!content.over) frame = requestAnimationFrame(draw);
  };
  const show = () => {
    received = performance.now();
    const content = model.get("content");
    say(title, content.title);
    root.setAttribute("aria-label", content.title);
    root.dataset.over = String(content.over);
    content.lanes.forEach((lane, index) => lanes[index].show(lane));
    cancelAnimationFrame(frame);
    draw();
  };
  show();
  model.on("change:content", show);
  return () => {
    cancelAnimationFrame(frame);
    model.off("change:content", show);
  };
}

export default { render };
