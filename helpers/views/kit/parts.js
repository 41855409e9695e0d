// The content in parts: what is new comes as messages, which parts_view.py sends.

/** Calls `onParts(parts)` with all parts by key, now and at each change; gives what ends it. */
export function followParts(model, onParts) {
  let { number, parts } = model.get("content");
  const ask = () => model.send({ kind: "parts", number });
  const hear = (message) => {
    if (message?.kind !== "parts") return;
    if (message.after !== 0 && message.number <= number) return;
    if (message.after !== 0 && message.after !== number) {
      ask();
      return;
    }
    const every = message.after === 0 ? message.parts : { ...parts, ...message.parts };
    number = message.number;
    parts = Object.fromEntries(Object.entries(every).filter(([, part]) => part !== null));
    onParts(parts);
  };
  model.on("msg:custom", hear);
  onParts(parts);
  ask();
  return () => model.off("msg:custom", hear);
}

/** The parts whose key begins with that kind and a slash. */
export function partsOf(parts, kind) {
  return Object.keys(parts).filter((key) => key.startsWith(`${kind}/`)).map((key) => parts[key]);
}
