import { say } from "./dom.js";

const HERE_MS = 60000;
const SILENCE_MS = 10000;

/** Signs of life to the kernel, and whether it answers; gives what ends them. */
export function keepInTouch(model, onAnswer, onSilence) {
  const view = crypto.randomUUID?.() ?? String(Math.random());
  let silence;
  const send = (kind) => {
    try {
      model.send({ kind, view });
    } catch {
      onSilence();
    }
  };
  const ask = () => {
    clearTimeout(silence);
    silence = setTimeout(onSilence, SILENCE_MS);
    send("here");
  };
  const hear = (message) => {
    if (message?.kind !== "here") return;
    clearTimeout(silence);
    onAnswer();
  };
  model.on("msg:custom", hear);
  const timer = setInterval(ask, HERE_MS);
  ask();
  return () => {
    clearInterval(timer);
    clearTimeout(silence);
    model.off("msg:custom", hear);
    send("gone");
  };
}

/** Calls `onContent` at each new content, and says in the element `contact` whether the kernel
 * answers, which at new content it does. Gives what ends both. */
export function follow(model, onContent, contact, wordOf = liveOrNot) {
  const tell = (isThere) => say(contact, wordOf(model.get("content"), isThere));
  const changed = () => {
    tell(true);
    onContent();
  };
  tell(false);
  model.on("change:content", changed);
  const end = keepInTouch(model, () => tell(true), () => tell(false));
  return () => {
    model.off("change:content", changed);
    end();
  };
}

function liveOrNot({ words }, isThere) {
  return isThere ? words.live : words.waiting;
}
