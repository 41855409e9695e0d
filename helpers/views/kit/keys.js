// Keys in a widget: plain ones are the widget's, commands are JupyterLab's, Esc leads back to it.

const EDITS = "acvxyz";
const WATCHED = Symbol.for("docker-workbook.keys");

/**
 * The element with its keys its own: else in JupyterLab an arrow would mean the next cell, and "d d"
 * its deletion. Ctrl+S and the like stay commands, so does Shift+Enter where nothing is typed.
 */
export function withOwnKeys(element) {
  watch();
  element.dataset.wbKeys = "own";
  element.addEventListener("keydown", (event) => {
    if (!isCommand(event) && event.key !== "Escape") event.stopPropagation();
  });
  return element;
}

/** From a widget back to the cell that it stands below, where every key is JupyterLab's. */
export function leave(element) {
  document.activeElement?.blur();
  element.closest(".jp-Cell, [tabindex]:not([data-wb-keys] *, [data-wb-keys])")?.focus();
}

/** Whether the key is a command of JupyterLab, which runs it unless somebody prevents that. */
export function isCommand(event) {
  const command = event.ctrlKey || event.metaKey || event.altKey;
  const field = event.target.matches("input, select, textarea");
  if (event.key === "Enter") return command || (event.shiftKey && !field);
  return command && !(field && EDITS.includes(event.key.toLowerCase()));
}

/** JupyterLab looks at an attribute of what has the focus, after the listeners of the window. */
function watch() {
  if (window[WATCHED]) return;
  window[WATCHED] = true;
  const isOwn = (event) => event.target.closest?.("[data-wb-keys]");
  const mark = (event) => {
    if (isOwn(event)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !isCommand(event));
  };
  window.addEventListener("keydown", mark, true);
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOwn(event)) return;
    if (event.target.type !== "search" || !event.target.value) leave(event.target);
  });
}
