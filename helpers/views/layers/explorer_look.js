import { FINAL } from "./image_files.js";

/** One layer's changes, or the final files, as far as they fit the filter, with sums of folders. */
export class Look {
  constructor(tree, scope, { text, kinds, minimum, sort }) {
    const { node, kind, size, hides } = tree.columns.get(scope) ?? tree.columns.get(FINAL);
    const count = tree.count;
    Object.assign(this, { tree, sort, shown: new Uint8Array(count), kind: new Int8Array(count) });
    this.total = new Float64Array(count);
    this.hidden = new Float64Array(count);
    this.files = new Uint32Array(count);
    this.kind.fill(-1);
    const wanted = text.trim().toLowerCase();
    const paths = wanted ? tree.lower : null;
    node.forEach((n, at) => {
      this.kind[n] = kind[at];
      if (paths && !paths[n].includes(wanted)) return;
      if (kinds.size && !kinds.has(kind[at])) return;
      if (minimum && Math.max(size[at], hides ? hides[at] : 0) < minimum) return;
      this.shown[n] = 1;
      this.total[n] += size[at];
      this.hidden[n] += hides ? hides[at] : 0;
      this.files[n] += tree.folder[n] ? 0 : 1;
    });
    this.rows = 0;
    this.first = new Int32Array(count).fill(-1);
    this.next = new Int32Array(count).fill(-1);
    // A folder has a smaller number than what is in it, so that one pass from the end adds up.
    for (let n = count - 1; n > 0; n -= 1) {
      if (!this.shown[n]) continue;
      const parent = tree.parents[n];
      this.rows += 1;
      this.shown[parent] = 1;
      this.total[parent] += this.total[n];
      this.hidden[parent] += this.hidden[n];
      this.files[parent] += this.files[n];
      this.next[n] = this.first[parent];
      this.first[parent] = n;
    }
    this.sorted = new Map();
  }

  children(n) {
    const known = this.sorted.get(n);
    if (known) return known;
    const children = [];
    for (let at = this.first[n]; at >= 0; at = this.next[at]) children.push(at);
    const { names } = this.tree;
    const byName = (a, b) => (names[a] < names[b] ? -1 : 1);
    const bySize = (a, b) =>
      this.total[b] - this.total[a] || this.hidden[b] - this.hidden[a] || byName(a, b);
    children.sort(this.sort === "name" ? byName : bySize);
    this.sorted.set(n, children);
    return children;
  }

  /** [path number, depth] of each row, where these folders are open. */
  flat(open) {
    const rows = [];
    const stack = [[0, 0]];
    while (stack.length) {
      const [n, depth] = stack.pop();
      if (n) rows.push([n, depth]);
      if (n && !open.has(n)) continue;
      const below = this.children(n);
      for (let at = below.length - 1; at >= 0; at -= 1) stack.push([below[at], depth + 1]);
    }
    return rows;
  }
}
