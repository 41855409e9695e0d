import { button, make } from "./dom.js";
import { withOwnKeys } from "./keys.js";

/** Tabs with their panels; arrow keys go from one to the next. */
export function tabBar(view, panels) {
  const { words } = view.content;
  const list = withOwnKeys(make("div", "wb-x-tabs"));
  list.setAttribute("role", "tablist");
  const names = Object.keys(panels);
  const tabs = names.map((name) => {
    const tab = button("wb-x-tab", words[`tab.${name}`], () => choose(name));
    tab.id = `${view.id}-tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `${view.id}-panel-${name}`);
    panels[name].id = `${view.id}-panel-${name}`;
    panels[name].setAttribute("role", "tabpanel");
    panels[name].setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  list.append(...tabs);

  function choose(name) {
    view.tab = name;
    names.forEach((one, at) => {
      tabs[at].setAttribute("aria-selected", String(one === name));
      tabs[at].tabIndex = one === name ? 0 : -1;
      panels[one].hidden = one !== name;
    });
    view.draw();
  }
  list.addEventListener("keydown", (event) => {
    const at = names.indexOf(view.tab);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (at + step + names.length) % names.length;
    choose(names[next]);
    tabs[next].focus();
  });
  return { element: list, choose };
}
