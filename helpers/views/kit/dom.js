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

/** The attribute only where it is new, so that an animation goes on undisturbed. */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
