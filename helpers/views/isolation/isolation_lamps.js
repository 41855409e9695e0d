// The capabilities of one container as lamps, one of them in the order of Tab, arrows to the others.

import { button, make, set } from "../kit/dom.js";
import { withOwnKeys } from "../kit/keys.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The lamps of that side: {box, show(content), focusOn(cap)}; `on` is told of looks and tries. */
export function makeLamps(side, on) {
  const box = withOwnKeys(make("div", "wb-iso-lamps"));
  box.setAttribute("role", "group");
  const lamps = new Map();
  let current = "";

  function choose(cap) {
    current = cap;
    for (const [name, lamp] of lamps) lamp.tabIndex = name === cap ? 0 : -1;
    on.look(side, cap);
  }

  function lampOf(cap) {
    const lamp = button("wb-iso-lamp", "", () => {
      choose(cap);
      on.tried(side, cap);
    });
    const state = make("span", "wb-iso-state");
    const result = make("span", "wb-iso-result");
    lamp.append(state, make("span", "wb-iso-cap"), result);
    lamp.dataset.cap = cap;
    lamp.addEventListener("focus", () => choose(cap));
    return lamp;
  }

  box.addEventListener("keydown", (event) => {
    const names = [...lamps.keys()];
    const at = names.indexOf(current);
    const next = { Home: 0, End: names.length - 1 }[event.key] ?? at + STEPS[event.key];
    if (!(next >= 0 && next < names.length)) return;
    event.preventDefault();
    lamps.get(names[next]).focus();
  });

  function show(content) {
    const { words } = content;
    const own = content.sides[side];
    set(box, "aria-label", `${own.name}: ${words.lamps}`);
    for (const cap of Object.keys(content.caps)) {
      if (!lamps.has(cap)) {
        lamps.set(cap, lampOf(cap));
        box.append(lamps.get(cap));
      }
      if (!current) choose(cap);
      showLamp(lamps.get(cap), cap, content, own.lamps[cap]);
    }
    for (const cap of [...lamps.keys()].filter((name) => !(name in content.caps))) {
      lamps.get(cap).remove();
      lamps.delete(cap);
    }
  }

  function showLamp(lamp, cap, content, state) {
    const { words, caps } = content;
    const last = content.tried.filter((each) => each.side === side && each.cap === cap).at(-1);
    const [mark, name, result] = lamp.children;
    set(lamp, "data-state", state);
    set(lamp, "data-outcome", last?.outcome ?? "");
    mark.textContent = words[state];
    name.textContent = caps[cap].short;
    result.textContent = last ? words[last.outcome] : "";
    const outcome = last ? `, ${last.outcome}` : "";
    set(lamp, "aria-label", `${cap}, ${words[`lamp.${state}`]}${outcome}: ${caps[cap].allows}`);
    set(lamp, "title", caps[cap].allows);
  }

  return { box, show };
}
