// All files of an image and all changes of its layers, as explorer_tree.py packs them.

/** The layer number that stands for the final files. */
export const FINAL = -1;
export const DIRECTORY = 1;

/** The files of gzipped JSON. */
export async function unpack(data) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Tree(await new Response(plain).json());
}

/** All paths of an image, and what each layer did to them. */
export class Tree {
  constructor(raw) {
    Object.assign(this, raw);
    this.count = raw.names.length;
    for (const columns of [...raw.layers, ...raw.waste, raw.final]) {
      let number = 0;
      columns.node = columns.node.map((step) => (number += step));
    }
    this.folder = new Uint8Array(this.count);
    raw.parents.forEach((parent) => parent >= 0 && (this.folder[parent] = 1));
    const stored = new Float64Array(this.count);
    for (const { node, size } of raw.layers) node.forEach((n, at) => (stored[n] = size[at]));
    const { node, type, mode, owner, layer, kind } = raw.final;
    const size = node.map((n) => raw.final.size[n] ?? stored[n]);
    this.entry = new Map(
      node.map((n, at) => [
        n,
        { type: type[at], size: size[at], mode: mode[at], owner: owner[at], layer: layer[at] },
      ]),
    );
    node.forEach((n, at) => type[at] === DIRECTORY && (this.folder[n] = 1));
    this.columns = new Map([[FINAL, { node, kind, size, hides: null }]]);
    raw.layers.forEach((columns, index) => this.columns.set(index, columns));
  }

  path(n) {
    const parts = [];
    for (let at = n; at > 0; at = this.parents[at]) parts.push(this.names[at]);
    return `/${parts.reverse().join("/")}`;
  }

  get lower() {
    if (this.lowered) return this.lowered;
    const paths = new Array(this.count).fill("");
    for (let n = 1; n < this.count; n += 1) {
      paths[n] = `${paths[this.parents[n]]}/${this.names[n].toLowerCase()}`;
    }
    return (this.lowered = paths);
  }

  /** Every layer's word on that path, the lowest first. */
  history(n) {
    return this.layers.flatMap(({ node, kind, size, hides }, layer) => {
      const at = node.indexOf(n);
      return at < 0 ? [] : [{ layer, kind: kind[at], size: size[at], hides: hides[at] }];
    });
  }
}
