// What containers use, as it moves. The page keeps the history: of each tick it is sent the newest
// numbers alone, as a packet (usage_packet.py says how it is made), and `content` from Python when a
// name, a state, a limit, an event or the engine's absence is new (live_usage.py says what is in it).
//
// Every text is set as text, never as HTML. There is no English in here: all words come with the
// content. While a page shows the view it says so to the kernel now and then ({kind: "here"}), and
// once more when it goes; a page that comes late asks for what was before ({kind: "history"}).

import { keepInTouch } from "../kit/contact.js";
import { make, say } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";
import { makeChart } from "./usage_chart.js";
import { after, makeHistory, viewOf } from "./usage_history.js";
import { autoColumn, CHARTS, ordered } from "./usage_kinds.js";
import { DARK, LIGHT, SHAPES } from "./usage_look.js";
import { isKnown, orNone } from "./usage_numbers.js";
import { makeTable } from "./usage_table.js";
import { makeEvents, makeToolbar } from "./usage_tools.js";
import { fill } from "../kit/words.js";

const SPAN_S = 60;
const LEAST_S = 15;
const SILENT_S = 5;
const SORT_MS = 2500;
const MOST = 4;

function renderView({ model, el }, history, listen) {
  const root = withOwnKeys(make("div", "wb-u"));
  const [head, title, contact, trouble, read] = [
    "head", "title", "contact", "trouble", "read",
  ].map((name) => make("div", `wb-u-${name}`));
  const charts = CHARTS.map(makeChart);
  const grid = make("div", "wb-u-charts");
  grid.tabIndex = 0;
  grid.setAttribute("role", "group");
  grid.append(...charts.map((chart) => chart.box));
  let picked = [];
  let cursor = null;
  const state = {
    sort: "cpu", down: true, filter: "", span: SPAN_S, paused: null, mode: "auto",
    now: () => history.newest().at || Date.now() / 1000,
    toggle(number) {
      const mine = state.mode === "mine" ? picked : chosenNumbers();
      picked = mine.includes(number)
        ? mine.filter((one) => one !== number)
        : [...mine, number].slice(-MOST);
      state.mode = "mine";
      draw();
    },
  };
  const tools = makeToolbar(state, () => draw());
  const table = makeTable(state, () => draw());
  const events = makeEvents();
  title.setAttribute("aria-live", "off");
  trouble.setAttribute("role", "status");
  head.append(title, contact);
  root.append(head, trouble, tools.box, grid, read, table.box, events.box);
  el.replaceChildren(root);

  let members = [];
  function readMembers(content) {
    members = content.members.map(([number, name, status, memory, cores, pids]) => {
      const isOn = !["exited", "created", "dead", "removed"].includes(status);
      return { number, name, state: status, memory, cores, pids, isOn };
    });
  }

  /** The seconds shown: what was chosen, or less while there is not that much yet. */
  function spanAt(to) {
    const begun = Math.min(...members.map((member) => history.of(member.number)?.at[0] ?? to));
    return Math.min(state.span, Math.max(LEAST_S, Math.ceil(to - begun)));
  }

  let auto = { at: 0, numbers: [] };
  /** The numbers that are highlighted: the learner's choice, or the top ones, looked up at leisure. */
  function chosenNumbers() {
    const there = new Set(members.map((member) => member.number));
    if (members.length <= MOST && state.mode !== "mine") return [...there];
    if (state.mode === "mine") return picked.filter((number) => there.has(number));
    const now = performance.now();
    if (now - auto.at > SORT_MS || auto.sort !== state.sort) {
      const order = { sort: autoColumn(state), down: true };
      const top = ordered(members, order, { history }).slice(0, 3).map((one) => one.number);
      // Those that stay keep their colours.
      const kept = auto.numbers.map((number) => (top.includes(number) ? number : null));
      const fresh = top.filter((number) => !kept.includes(number));
      const free = [0, 1, 2].map((slot) => kept[slot] ?? fresh.shift());
      auto = { at: now, sort: state.sort, numbers: free.filter(isKnown) };
    }
    return auto.numbers;
  }

  function sceneOf(content) {
    const look = getComputedStyle(root);
    const variable = (name) => look.getPropertyValue(name).trim();
    const isLight = document.body.dataset.jpThemeLight !== "false";
    const to = state.paused ?? state.now();
    const numbers = chosenNumbers();
    const slots = members.map((member) => {
      const slot = numbers.indexOf(member.number);
      return [member, slot < 0 ? null : slot];
    });
    const lasts = members.filter((member) => member.isOn).map((member) => history.of(member.number));
    const most = (part) => Math.max(0, ...lasts.map((line) => line?.[part].at(-1) || 0));
    return {
      history, to, from: to - spanAt(to), words: content.words, marks: content.marks, cursor,
      chosen: slots.filter(([, slot]) => slot !== null),
      others: slots.filter(([, slot]) => slot === null),
      colours: isLight ? LIGHT : DARK, ink: look.color, paper: variable("--wb-paper"),
      faint: variable("--wb-faint"), edge: variable("--wb-edge"),
      font: `11px ${look.fontFamily}`, busiest: most("cpu"), largest: most("memory"),
      slotOf: (number) => (numbers.indexOf(number) < 0 ? null : numbers.indexOf(number)),
    };
  }

  function showContact(content) {
    const { words } = content;
    const { at, rate } = history.newest();
    const behind = state.paused === null ? 0 : Math.round(at - state.paused);
    let text = words.live;
    if (content.ended) text = `${words.ended}: ${content.ended}`;
    else if (!at) text = words.waiting;
    else if (history.age() > SILENT_S && members.some((member) => member.isOn)) {
      const seconds = Number.isFinite(history.age()) ? history.age() : Date.now() / 1000 - at;
      text = fill(words.silent, { seconds: Math.round(seconds) });
    } else if (state.paused !== null) text = fill(words.paused, { seconds: behind });
    const how = rate && content.source
      ? `, ${fill(words.rate, { rate: rate.toFixed(1), source: content.source })}`
      : "";
    say(contact, text + (text === words.live ? how : ""));
    root.dataset.contact = content.ended ? "ended" : text === words.live ? "live" : "other";
  }

  /** What was used where the line through time stands. */
  function showReading(scene) {
    read.hidden = scene.cursor === null;
    if (scene.cursor === null) return;
    const lines = scene.chosen.map(([member, slot]) => {
      const line = scene.history.of(member.number);
      const at = line ? after(line.at, scene.cursor) - 1 : -1;
      const values = CHARTS.map((chart) =>
        chart.parts
          .map((part) => orNone(at < 0 ? NaN : line[part][at], chart.text, scene.words))
          .join(" / "));
      return `${SHAPES[slot]} ${member.name}: ${values.join(", ")}`;
    });
    const ago = (scene.to - scene.cursor).toFixed(1);
    say(read, [fill(scene.words.read, { ago }), ...lines].join("   "));
  }

  let drawnMarks = "";
  let asked = false;
  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const begun = performance.now();
      const content = model.get("content");
      readMembers(content);
      const scene = sceneOf(content);
      say(title, content.title);
      say(trouble, content.trouble);
      grid.setAttribute("aria-label", content.words.charts);
      tools.show(content, members.length);
      for (const chart of charts) chart.draw(scene);
      table.show(scene, members, scene.slotOf);
      showReading(scene);
      const names = new Map(members.map((member) => [member.number, member.name]));
      const marks = JSON.stringify([content.marks, [...names]]);
      if (marks !== drawnMarks) {
        drawnMarks = marks;
        events.show(content, names, (at) => new Date(at * 1000).toTimeString().slice(0, 8));
      }
      showContact(content);
      root.dataset.members = String(members.length);
      // For measuring: how long the drawing took, and how old the newest reading was by then.
      root.dataset.drawMs = (performance.now() - begun).toFixed(2);
      root.dataset.delay = String(Date.now() / 1000 - history.newest().at);
    });
  }

  function moveCursor(to) {
    const end = state.paused ?? state.now();
    cursor = to === null ? null : Math.min(Math.max(to, end - spanAt(end)), end);
    draw();
  }
  for (const { canvas, left } of charts) {
    canvas.addEventListener("pointermove", (event) => {
      const to = state.paused ?? state.now();
      const share = (event.offsetX - left) / (canvas.clientWidth - left - 8);
      moveCursor(to - spanAt(to) * (1 - share));
    });
    canvas.addEventListener("pointerleave", () => moveCursor(null));
  }
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) moveCursor((cursor ?? state.paused ?? state.now()) + (step * state.span) / 60);
    else if (event.key === "Escape") moveCursor(null);
    else return;
    event.preventDefault();
  });
  const sizes = new ResizeObserver(() => draw());
  sizes.observe(root);
  const theme = new MutationObserver(() => draw());
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  table.box.addEventListener("scroll", () => draw(), { passive: true });
  const clock = setInterval(() => showContact(model.get("content")), 1000);
  const onTick = () => {
    if (state.paused === null) draw();
  };
  const leave = listen(onTick);
  model.on("change:content", draw);
  const end = keepInTouch(model, () => {}, () => {});
  draw();
  return () => {
    clearInterval(clock);
    sizes.disconnect();
    theme.disconnect();
    leave();
    model.off("change:content", draw);
    end();
  };
}

// One history for all views of a model: a second view of the same output shows the same past.
export default () => {
  const history = makeHistory();
  const listeners = new Set();
  const listen = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    initialize({ model }) {
      const hear = (message, buffers) => {
        const { fields } = model.get("content");
        if (message?.kind === "tick") history.tick(message, viewOf(buffers[0]), fields);
        else if (message?.kind === "history") history.replay(message.ticks, viewOf(buffers[0]), fields);
        else return;
        for (const listener of listeners) listener();
      };
      model.on("msg:custom", hear);
      model.send({ kind: "history" });
      return () => model.off("msg:custom", hear);
    },
    render: (context) => renderView(context, history, listen),
  };
};
