// Bands and the boxes on them, one box in the order of Tab, arrows to the others.

import { arrange, button, make, say, set } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";
import { fill } from "../kit/words.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A box: its name, its address, and what else there is to know of it. */
function makeBox(onClick, onFocus) {
  const parts = ["name", "address", "more"].map((kind) => make("span", `wb-net-${kind}`));
  const box = button("wb-net-box", "", onClick);
  box.append(...parts);
  box.addEventListener("focus", onFocus);
  return box;
}

/** {element, show(content), find(id, network)}; `onAsk` is called with the station that is chosen. */
export function makeBands(onAsk) {
  const element = withOwnKeys(make("div", "wb-net-bands"));
  const bands = new Map();
  const boxes = new Map();
  let current = "";

  function choose(key) {
    current = key;
    for (const [one, box] of boxes) box.tabIndex = one === key ? 0 : -1;
  }

  element.addEventListener("keydown", (event) => {
    const every = [...element.querySelectorAll(".wb-net-box[data-key]")];
    const at = every.findIndex((box) => box.dataset.key === current);
    const next = { Home: 0, End: every.length - 1 }[event.key] ?? at + STEPS[event.key];
    if (!(next >= 0 && next < every.length)) return;
    event.preventDefault();
    every[next].focus();
  });

  function showBox(key, station, words) {
    if (!boxes.has(key)) {
      const ask = () => {
        choose(key);
        onAsk(boxes.get(key).wbStation);
      };
      boxes.set(key, makeBox(ask, () => choose(key)));
    }
    const box = boxes.get(key);
    box.wbStation = station;
    const isRunning = station.status === "running";
    const beside = station.beside ? fill(words.beside, { names: station.beside }) : "";
    const also = station.also ? fill(words.also, { networks: station.also }) : "";
    const more = [station.names, beside, also].filter(Boolean).join(" · ");
    const [name, address, rest] = box.children;
    say(name, isRunning ? station.name : `${station.name} (${station.status})`);
    say(address, station.address);
    say(rest, more);
    set(box, "data-key", key);
    set(box, "data-status", station.status);
    set(box, "title", [station.name, station.status, station.address, more].filter(Boolean).join("\n"));
    set(box, "aria-label", [station.name, station.status, station.address, more].filter(Boolean).join(", "));
    return box;
  }

  function makeBand() {
    const name = make("span", "wb-net-network");
    const kind = make("span", "wb-net-kind");
    const row = make("div", "wb-net-row");
    const band = make("section", "wb-net-band", make("div", "wb-net-head", name, " ", kind), row);
    return { band, name, kind, row };
  }

  function showBand(key, content, about) {
    const isNew = !bands.has(key);
    if (isNew) bands.set(key, makeBand());
    const { band, name, kind, row } = bands.get(key);
    const { words } = content;
    const facts = [about.kind, about.subnets, about.stations.length || !about.kind ? "" : words.empty];
    say(name, about.name);
    say(kind, facts.filter(Boolean).join(" · "));
    set(band, "aria-label", `${about.name}, ${kind.textContent}`);
    set(band, "data-look", about.look);
    return { band, row };
  }

  /** What was asked for and is nobody's: boxes that cannot be chosen. */
  function showNobodies(content) {
    const goals = [...new Set(content.lines.filter((line) => !line.to).map((line) => line.goal))];
    const about = { name: content.words.elsewhere, kind: "", subnets: "", stations: [], look: "none" };
    const { band, row } = showBand("/", content, about);
    arrange(row, goals.map((goal) => {
      const key = `/${goal}`;
      if (!boxes.has(key)) boxes.set(key, make("span", "wb-net-box wb-net-nobody", goal));
      return boxes.get(key);
    }));
    return goals.length ? [band] : [];
  }

  function show(content) {
    const shown = new Set(["/"]);
    const elements = content.bands.map((about) => {
      shown.add(about.name);
      const { band, row } = showBand(about.name, content, about);
      arrange(row, about.stations.map((one) => showBox(`${about.name}/${one.id}`, one, content.words)));
      return band;
    });
    arrange(element, [...elements, ...showNobodies(content)]);
    for (const key of bands.keys()) if (!shown.has(key)) bands.delete(key);
    for (const [key, box] of boxes) if (!element.contains(box)) boxes.delete(key);
    const first = element.querySelector(".wb-net-box[data-key]");
    if (!boxes.has(current) && first) choose(first.dataset.key);
  }

  /** The box of that container on that network, else its first; that of nobody for no id. */
  function find(line, id) {
    if (!id) return boxes.get(`/${line.goal}`);
    const own = [...boxes].filter(([key]) => key.endsWith(`/${id}`)).map(([, box]) => box);
    return boxes.get(`${line.network}/${id}`) ?? own[0];
  }

  return { element, show, find };
}
