// Elements of a drawing. Every text is set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** A new SVG element with these attributes and that text. */
export function draw(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}
