// The history that the page keeps, made of the packets of packet.py.

const KEPT_S = 620;

/** All that was told of each container by number: times, and a list for each field. */
export function makeHistory() {
  let series = new Map();
  let newest = { at: 0, rate: null };
  let arrived = 0;

  function take(at, view, fields) {
    for (let offset = 0; offset < view.byteLength; ) {
      const number = view.getUint16(offset, true);
      const mask = view.getUint16(offset + 2, true);
      offset += 4;
      if (!series.has(number)) {
        series.set(number, { at: [], ...Object.fromEntries(fields.map((name) => [name, []])) });
      }
      const line = series.get(number);
      line.at.push(at);
      fields.forEach((name, bit) => {
        const values = line[name];
        if (mask & (1 << bit)) {
          values.push(view.getFloat32(offset, true));
          offset += 4;
        } else {
          values.push(values.length ? values.at(-1) : NaN);
        }
      });
    }
  }

  function forget(at) {
    for (const [number, line] of series) {
      const old = line.at.findIndex((time) => time > at - KEPT_S);
      if (old === -1) series.delete(number);
      else if (old > 200) for (const values of Object.values(line)) values.splice(0, old);
    }
  }

  return {
    of: (number) => series.get(number),
    newest: () => newest,
    age: () => (arrived ? (performance.now() - arrived) / 1000 : Infinity),
    tick(head, view, fields) {
      take(head.at, view, fields);
      newest = { at: head.at, rate: head.rate };
      arrived = performance.now();
      forget(head.at);
    },
    replay(ticks, view, fields) {
      series = new Map();
      let offset = view.byteOffset;
      for (const [at, length] of ticks) {
        take(at, new DataView(view.buffer, offset, length), fields);
        offset += length;
        newest = { at, rate: newest.rate };
      }
    },
  };
}

export const viewOf = (buffer) =>
  buffer instanceof DataView
    ? buffer
    : new DataView(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);

/** Where in sorted times the first one after `at` stands. */
export function after(times, at) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
