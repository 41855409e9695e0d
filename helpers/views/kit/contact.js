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
