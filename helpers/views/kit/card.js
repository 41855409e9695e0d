// A card in a notebook: what is asked, buttons or a form to answer with, and what came of it.
//
// `content` (set once) and `state` (as often as you like) come from Python; a click goes back as a
// message {do, value, ask}, and is answered by a state whose `answered` is that `ask`. Every text is
// set as text, never as HTML; what stands between backticks becomes a <code> element. There is no
// English in here: all words come with the content.

import { make } from "./dom.js";
import { leave, withOwnKeys } from "./keys.js";

const SILENCE_MS = 15000;

const STYLE = `
.wb-card {
  max-width: 46rem; margin: 4px 0; padding: 12px 16px; box-sizing: border-box;
  color: var(--jp-content-font-color1, inherit); background: var(--jp-layout-color1, transparent);
  border: 1px solid var(--jp-border-color1, #999); border-left-width: 5px; border-radius: 4px;
  font-family: var(--jp-content-font-family, sans-serif);
  font-size: var(--jp-content-font-size1, 14px); line-height: 1.5; overflow-wrap: anywhere;
}
.wb-card[data-kind="info"] { border-left-color: var(--jp-info-color1, #0288d1); }
.wb-card[data-kind="warning"] { border-left-color: var(--jp-warn-color1, #f57c00); }
.wb-card[data-kind="success"] { border-left-color: var(--jp-success-color1, #388e3c); }
.wb-card[data-kind="danger"] { border-left-color: var(--jp-error-color1, #d32f2f); }
.wb-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.wb-title { font-weight: 600; margin: 0; flex: 1 1 auto; }
.wb-mark { white-space: nowrap; padding: 0 10px; border-radius: 10px;
  border: 1px solid var(--jp-border-color1, #999); background: var(--jp-layout-color2, transparent); }
.wb-card p { margin: 6px 0; }
.wb-card code { font-family: var(--jp-code-font-family, monospace); font-size: 0.93em;
  padding: 1px 4px; border-radius: 3px; background: var(--jp-layout-color2, #8883); }
.wb-card pre { margin: 8px 0; padding: 8px 10px; overflow-x: auto; white-space: pre;
  font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  line-height: 1.4; border-radius: 3px; color: inherit;
  background: var(--jp-cell-editor-background, #8882);
  border: 1px solid var(--jp-border-color2, #999); }
.wb-row { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 2px; align-items: center; }
.wb-card button { font: inherit; color: inherit; padding: 3px 14px; cursor: pointer;
  border-radius: 3px; border: 1px solid var(--jp-border-color0, #777);
  background: var(--jp-layout-color2, transparent); }
.wb-card button:hover { background: var(--jp-layout-color3, #8884); }
.wb-card button[aria-disabled="true"] { opacity: 0.55; cursor: default; }
.wb-card :is(button, input, pre):focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 2px; }
.wb-card fieldset { border: 0; margin: 6px 0; padding: 0; min-width: 0; }
.wb-card legend { padding: 0; margin-bottom: 4px; }
.wb-choice { display: flex; gap: 8px; align-items: baseline; padding: 2px 0; cursor: pointer; }
.wb-choice input { accent-color: var(--jp-brand-color1, #1976d2); flex: none; margin: 0;
  transform: translateY(1px); }
.wb-card input.wb-number { font: inherit; width: 9em; padding: 3px 6px; color: inherit;
  background: var(--jp-layout-color0, transparent); border-radius: 3px;
  border: 1px solid var(--jp-border-color0, #777); }
.wb-note { margin: 10px 0 0; padding: 2px 0 2px 10px;
  border-left: 3px solid var(--jp-border-color1, #999); }
.wb-note p { margin: 3px 0; }
.wb-note p:first-child { font-weight: 600; }
.wb-note .wb-at { font-weight: 400; color: var(--jp-content-font-color2, inherit); }
.wb-busy:not(:empty) { margin-top: 8px; font-style: italic; }
`;

/** The element with that text in it; what stands between a pair of backticks as code. */
function written(element, text) {
  const parts = String(text).split("`");
  if (parts.length % 2 === 0) parts.splice(-2, 2, parts.slice(-2).join("`"));
  parts.forEach((part, at) => {
    if (part) element.append(at % 2 ? make("code", "", part) : part);
  });
  return element;
}

/** A block of code that can be scrolled, and reached, by keyboard. */
function codeBlock(source, label) {
  const block = make("pre", "", source);
  block.tabIndex = 0;
  block.setAttribute("role", "region");
  block.setAttribute("aria-label", label);
  return block;
}

/** One outcome, hint or solution. */
function noteElement(note, words) {
  const element = make("div", "wb-note");
  note.lines.forEach((line, at) => {
    const paragraph = written(document.createElement("p"), line);
    if (at === 0 && note.at) paragraph.append(make("span", "wb-at", ` · ${note.at}`));
    element.append(paragraph);
  });
  if (note.code) element.append(codeBlock(note.code, words.code));
  return element;
}

/** The notes of the state, of which only the changed ones are made anew (and read out). */
function updateNotes(list, notes, words) {
  notes.forEach((note, at) => {
    const key = JSON.stringify(note);
    const old = list.children[at];
    if (old?.dataset.key === key) return;
    const fresh = noteElement(note, words);
    fresh.dataset.key = key;
    if (old) old.replaceWith(fresh);
    else list.append(fresh);
  });
  while (list.children.length > notes.length) list.lastChild.remove();
}

/** The field of a number, or a group of choices: {element, value(), show(answer)}. */
function makeField(form) {
  const name = `wb-${Math.random().toString(36).slice(2)}`;
  const group = make("fieldset", "", written(make("legend"), form.question));
  if (!form.choices.length) {
    // No "number" field: it gives nothing at all for 0,5 where the browser writes 0.5.
    const input = make("input", "wb-number");
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off" });
    const label = make("label", "wb-row", input, form.unit);
    group.append(label);
    const show = (answer) => { input.value = answer; };
    return { element: group, value: () => input.value.trim(), show };
  }
  const radios = form.choices.map((choice) => {
    const radio = make("input");
    Object.assign(radio, { type: "radio", name, value: choice });
    group.append(make("label", "wb-choice", radio, written(make("span"), choice)));
    return radio;
  });
  return {
    element: group,
    value: () => radios.find((radio) => radio.checked)?.value ?? "",
    show: (answer) => radios.forEach((radio) => { radio.checked = radio.value === String(answer); }),
  };
}

/** The part that asks the kernel, and says so while it waits: ask(what, value), settle(state). */
function makeAsking(model, busy, words, buttons) {
  let pending = null;
  let timer = null;
  const setBusy = (text, disabled) => {
    busy.textContent = text;
    buttons.forEach((button) => button.setAttribute("aria-disabled", String(disabled)));
  };
  return {
    ask(what, value) {
      if (pending) return;
      pending = Math.random().toString(36).slice(2);
      setBusy(words.busy, true);
      timer = setTimeout(() => { pending = null; setBusy(words.silent, false); }, SILENCE_MS);
      model.send({ do: what, value, ask: pending });
    },
    say(text) { busy.textContent = text; },
    settle(state) {
      if (pending && state.answered !== pending) return;
      clearTimeout(timer);
      pending = null;
      setBusy("", false);
    },
    stop() { clearTimeout(timer); },
  };
}

function render({ model, el }) {
  const content = model.get("content");
  const words = content.words;
  const title = make("p", "wb-title", content.title);
  const mark = make("span", "wb-mark");
  const card = withOwnKeys(make("section", "wb-card", make("div", "wb-head", title, mark)));
  card.setAttribute("aria-label", content.title);
  if (content.body) card.append(written(make("p"), content.body));
  if (content.code) card.append(codeBlock(content.code, words.code));

  const busy = make("div", "wb-busy");
  const notes = make("div", "wb-notes");
  for (const region of [busy, notes]) {
    region.setAttribute("role", "status");
    region.setAttribute("aria-live", "polite");
    region.setAttribute("aria-atomic", "false");
  }
  const buttons = content.buttons.map(([what, label]) => {
    const button = make("button", "", label);
    button.type = what === "answer" ? "submit" : "button";
    button.dataset.do = what;
    return button;
  });
  const asking = makeAsking(model, busy, words, buttons);
  const row = make("div", "wb-row", ...buttons);
  const field = content.form ? makeField(content.form) : null;
  if (field) {
    const form = make("form", "", field.element, row);
    form.noValidate = true;
    // JupyterLab keeps Enter in a number field from sending the form, so it is done here.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      form.requestSubmit();
      if (event.shiftKey) leave(card);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value() === "") asking.say(words.empty);
      else asking.ask("answer", field.value());
    });
    card.append(form);
  } else {
    card.append(row);
    buttons.forEach((button) =>
      button.addEventListener("click", () => asking.ask(button.dataset.do)));
  }
  card.append(busy, notes);

  function update() {
    const state = model.get("state");
    card.dataset.kind = state.kind;
    mark.textContent = state.mark;
    mark.hidden = !state.mark;
    buttons.forEach((button) => {
      button.textContent = state.labels?.[button.dataset.do] ?? button.textContent;
    });
    if (field && state.answer !== null && state.answer !== undefined) field.show(state.answer);
    updateNotes(notes, state.notes, words);
    asking.settle(state);
  }
  model.on("change:state", update);
  update();
  el.append(make("style", "", STYLE), card);
  return () => {
    model.off("change:state", update);
    asking.stop();
  };
}

export default { render };
