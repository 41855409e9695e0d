// Elements of a page. Every text is set as text, never as HTML.

/** A new element with that class and these children; texts become text nodes. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== ""));
  return element;
}

export function button(className, text, onClick) {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

/** The text only where it is new, so that a screen reader is told of changes alone. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The text, what stands between backticks as code; only where it is new. */
export function mark(element, text) {
  if (element.wbText === text) return element;
  element.wbText = text;
  const parts = text.split("`");
  const isCode = (at) => at % 2 === 1 && at < parts.length - 1;
  element.replaceChildren(
    ...parts.map((part, at) => {
      if (isCode(at)) return make("code", "", part);
      return at % 2 ? `\`${part}` : part;
    }),
  );
  return element;
}

/** The children in that order; one that stands right already is not touched, and keeps the focus. */
export function arrange(element, children) {
  for (const child of [...element.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, at) => {
    if (element.children[at] !== child) element.insertBefore(child, element.children[at] ?? null);
  });
}

/** A child for each value, all made anew only where the values are others. */
export function makeEach(element, values, makeChild) {
  const key = JSON.stringify(values);
  if (element.wbValues === key) return;
  element.wbValues = key;
  element.replaceChildren(...values.map((value) => makeChild(value)));
}

/** The attribute only where it is new, so that an animation goes on undisturbed. */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
