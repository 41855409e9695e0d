// The states of a container as a diagram that moves with the container.
//
// `content` comes from Python, whole, each time something happened; lifecycle.py says what is in it.
// Every text is set as text, never as HTML. There is no English in here: all words come with the
// content. While a page shows the view it says so to the kernel now and then ({kind: "here"}), and
// once more when it goes; the kernel's answer tells that there is one (contact.js).

import { follow } from "../kit/contact.js";
import { make, say } from "../kit/dom.js";
import { draw } from "../kit/svg.js";

const MOVE_MS = 450;

const keyOf = (source, target) => `${source}>${target}`;

/** An arrow: a curve that ends where its head begins, the head, its labels, its count. */
function drawArrow(arrow) {
  const group = draw("g", { class: "wb-arrow" });
  const points = arrow.points.map((point) => [...point]);
  const [tipX, tipY] = points.at(-1);
  const [fromX, fromY] = points.at(-2);
  const length = Math.hypot(tipX - fromX, tipY - fromY);
  const [dx, dy] = [(tipX - fromX) / length, (tipY - fromY) / length];
  const [baseX, baseY] = [tipX - 11 * dx, tipY - 11 * dy];
  points[points.length - 1] = [baseX, baseY];
  const [start, ...rest] = points.map((point) => point.join(" "));
  const curve = draw("path", { d: `M ${start} C ${rest.join(" ")}` });
  const side = [
    [tipX, tipY],
    [baseX - 5.5 * dy, baseY + 5.5 * dx],
    [baseX + 5.5 * dy, baseY - 5.5 * dx],
  ];
  group.append(curve, draw("polygon", { points: side.map((point) => point.join(",")).join(" ") }));
  for (const label of arrow.labels) {
    const style = label.is_command ? "wb-command" : "wb-why";
    const at = { x: label.x, y: label.y, "text-anchor": label.anchor, class: style };
    group.append(draw("text", at, label.text));
  }
  const times = draw("text", { class: "wb-times", "text-anchor": "middle" });
  group.append(times);
  return { group, curve, times, rare: arrow.rare };
}

/** A box with its state's name and a few words. */
function drawBox(box, [width, height]) {
  const group = draw("g", { class: "wb-box" });
  const rect = { x: box.x - width / 2, y: box.y - height / 2, width, height, rx: 10 };
  const name = draw("text", { x: box.x, y: box.y - 4, "text-anchor": "middle", class: "wb-name" });
  const words = draw(
    "text",
    { x: box.x, y: box.y + 15, "text-anchor": "middle", class: "wb-words" },
    box.words,
  );
  group.append(draw("rect", rect), draw("rect", { ...rect, class: "wb-tint" }), name, words);
  return { group, name, state: box.state, rare: box.rare };
}

/** The drawing, and a function that shows a content in it. */
function makeDiagram(diagram) {
  const svg = draw("svg", { viewBox: `0 0 ${diagram.width} ${diagram.height}`, role: "img" });
  const arrows = new Map();
  for (const arrow of diagram.arrows) {
    const drawn = drawArrow(arrow);
    arrows.set(keyOf(arrow.source, arrow.target), drawn);
    svg.append(drawn.group);
  }
  const first = diagram.arrows.find((arrow) => arrow.source === "");
  const dot = draw("circle", { cx: first.points[0][0], cy: first.points[0][1], r: 6 });
  const boxes = diagram.boxes.map((box) => drawBox(box, diagram.box));
  const runner = draw("circle", { r: 7, class: "wb-gone", visibility: "hidden" });
  svg.append(dot, ...boxes.map((box) => box.group), runner);

  function show(content) {
    const gone = new Map(content.gone.map(([from, to, times]) => [keyOf(from, to), times]));
    const last = keyOf(...content.last);
    const seen = new Set(content.gone.map(([, to]) => to));
    dot.setAttribute("class", gone.size ? "wb-gone" : "");
    for (const [key, arrow] of arrows) {
      const times = gone.get(key) ?? 0;
      const marks = [times && "wb-gone", key === last && "wb-last"].filter(Boolean);
      arrow.group.setAttribute("class", ["wb-arrow", ...marks].join(" "));
      arrow.group.setAttribute("display", arrow.rare && !times ? "none" : "inline");
      showTimes(arrow, times);
    }
    for (const box of boxes) {
      const current = box.state === content.state;
      const marks = [seen.has(box.state) && "wb-seen", current && "wb-current"].filter(Boolean);
      box.group.setAttribute("class", ["wb-box", ...marks].join(" "));
      box.group.setAttribute("display", box.rare && !seen.has(box.state) ? "none" : "inline");
      box.name.textContent = current ? `${content.words.now} ${box.state}` : box.state;
    }
    svg.setAttribute("aria-label", `${content.title}: ${content.line}. ${content.path}`);
  }
  return { svg, show, run: (content) => run(runner, arrows.get(keyOf(...content.last))) };
}

/** How often an arrow was taken, near its beginning, where it was more than once. */
function showTimes(arrow, times) {
  arrow.times.textContent = times > 1 ? `×${times}` : "";
  if (times < 2) return;
  const at = arrow.curve.getPointAtLength(arrow.curve.getTotalLength() * 0.2);
  arrow.times.setAttribute("x", at.x);
  arrow.times.setAttribute("y", at.y + 4);
}

/** A dot that runs along the arrow once, unless the reader wants no motion. */
function run(runner, arrow) {
  if (!arrow || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const length = arrow.curve.getTotalLength();
  const begun = performance.now();
  const mine = (runner.wbRun = {});
  const move = (now) => {
    if (runner.wbRun !== mine) return;
    const part = Math.min((now - begun) / MOVE_MS, 1);
    const at = arrow.curve.getPointAtLength(length * Math.max(part, 0));
    runner.setAttribute("cx", at.x);
    runner.setAttribute("cy", at.y);
    runner.setAttribute("visibility", part < 1 ? "visible" : "hidden");
    if (part < 1) requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
}

/** The log, and a function that adds to it what is new and scrolls to its end. */
function makeLog() {
  const box = make("div", "wb-life-log");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  const list = make("ol");
  box.append(list);
  for (const kind of ["keydown", "wheel"]) {
    // Jupyter's own keys must not take the arrow keys away from the log.
    box.addEventListener(kind, (event) => event.stopPropagation(), { passive: true });
  }
  function show(content) {
    box.setAttribute("aria-label", content.words.log);
    const rows = content.log.map(([after, action, words]) => {
      const row = make("li");
      row.append(make("span", "", after), make("code", "", action), make("span", "", words));
      return row;
    });
    list.replaceChildren(...(rows.length ? rows : [make("span", "", content.words.empty)]));
    box.scrollTop = box.scrollHeight;
  }
  return { box, show };
}

function render({ model, el }) {
  const diagram = makeDiagram(model.get("content").diagram);
  const log = makeLog();
  const root = make("div", "wb-life");
  const line = make("div", "wb-life-line");
  const contact = make("div", "wb-life-contact");
  const trouble = make("div", "wb-life-trouble");
  const path = make("div", "wb-life-path");
  const head = make("div", "wb-life-head");
  const picture = make("div", "wb-life-picture");
  line.setAttribute("aria-live", "polite");
  trouble.setAttribute("role", "status");
  head.append(line, contact);
  picture.append(diagram.svg);
  root.append(head, trouble, picture, path, log.box);
  el.replaceChildren(root);

  let steps = model.get("content").steps;
  const show = () => {
    const content = model.get("content");
    say(line, content.line);
    say(trouble, content.trouble);
    say(path, `${content.words.path} ${content.path}`);
    diagram.show(content);
    log.show(content);
    if (content.steps > steps) diagram.run(content);
    steps = content.steps;
    root.dataset.state = content.state;
  };
  const changed = () => {
    show();
    // Seconds from the engine's stamp of the newest event until it is drawn, for measuring.
    root.dataset.delay = String(Date.now() / 1000 - model.get("content").stamp);
  };
  show();
  // A place on an arrow can only be found once the drawing is in the page.
  requestAnimationFrame(show);
  return follow(model, changed, contact, ({ final, words }, isThere) =>
    final ? words.final : isThere ? words.live : words.waiting,
  );
}

export default { render };
