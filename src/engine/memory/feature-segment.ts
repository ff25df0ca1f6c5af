import { WEIGHT_OF_CODE } from './packed-weight.js';
import type { StoredVectors } from './stored-vectors.js';

/** Documents in a block. A posting's document is one byte inside its block, so at most 256. */
export const BLOCK = 64;

/**
 * The postings of a run of documents, inverted once and then read only. A feature's postings are grouped by blocks of {@link BLOCK}
 * documents; with each group stands its largest weight, which bounds what any document of the block can score (block-max
 * indexes: Ding and Suel, SIGIR 2011; by block first: Mallia, Suel, Tonellotto, SIGIR 2024). Three bytes a posting, ten a group.
 */
export class FeatureSegment {
  private constructor(
    /** The first document. */
    readonly from: number,
    /** One past the last document. */
    readonly to: number,
    /** By feature: where its groups begin; one more than there are features. */
    readonly groupStarts: Uint32Array,
    /** By group: its block, counted from `from`. Rising within a feature. */
    readonly blocks: Uint32Array,
    /** By group: the code of its largest weight. */
    readonly largest: Uint16Array,
    /** By group: where its postings begin; one more than there are groups. */
    readonly postingStarts: Uint32Array,
    /** By posting: the document inside its block. */
    readonly docs: Uint8Array,
    /** By posting: the code of its weight. */
    readonly codes: Uint16Array,
  ) {}

  get blockCount(): number {
    return Math.ceil((this.to - this.from) / BLOCK);
  }

  get bytes(): number {
    const { groupStarts, blocks, largest, postingStarts, docs, codes } = this;
    const arrays = [groupStarts, blocks, largest, postingStarts, docs, codes];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Inverts the vectors of documents `from` to `to - 1`: a counting sort by feature, which leaves documents in order. */
  static invert({ starts, features, codes, featureCount }: StoredVectors, from: number, to: number): FeatureSegment {
    const [first, last] = [starts.values[from]!, starts.values[to]!];
    const ends = new Uint32Array(featureCount + 1);
    for (let i = first; i < last; i++) ends[features.values[i]! + 1]!++;
    for (let feature = 0; feature < featureCount; feature++) ends[feature + 1]! += ends[feature]!;
    const postingEnds = ends.slice(1);
    const sortedDocs = new Uint32Array(last - first);
    const sortedCodes = new Uint16Array(last - first);
    for (let doc = to - 1; doc >= from; doc--) {
      for (let i = starts.values[doc]!; i < starts.values[doc + 1]!; i++) {
        const at = --postingEnds[features.values[i]!]!;
        sortedDocs[at] = doc - from;
        sortedCodes[at] = codes.values[i]!;
      }
    }
    return FeatureSegment.#group(from, to, ends, sortedDocs, sortedCodes);
  }

  static #group(
    from: number,
    to: number,
    featureStarts: Uint32Array,
    docs: Uint32Array,
    codes: Uint16Array,
  ): FeatureSegment {
    const featureCount = featureStarts.length - 1;
    const groups = countGroups(featureStarts, docs);
    const groupStarts = new Uint32Array(featureCount + 1);
    const blocks = new Uint32Array(groups);
    const largest = new Uint16Array(groups);
    const postingStarts = new Uint32Array(groups + 1);
    const docsInBlock = new Uint8Array(docs.length);
    let group = -1;
    for (let feature = 0; feature < featureCount; feature++) {
      groupStarts[feature] = group + 1;
      for (let i = featureStarts[feature]!; i < featureStarts[feature + 1]!; i++) {
        const block = Math.floor(docs[i]! / BLOCK);
        if (group < groupStarts[feature]! || blocks[group] !== block) {
          group++;
          blocks[group] = block;
          postingStarts[group] = i;
        }
        // Codes are ordered as the weights are: both are positive.
        if (codes[i]! > largest[group]!) largest[group] = codes[i]!;
        docsInBlock[i] = docs[i]! % BLOCK;
      }
    }
    groupStarts[featureCount] = groups;
    postingStarts[groups] = docs.length;
    return new FeatureSegment(from, to, groupStarts, blocks, largest, postingStarts, docsInBlock, codes);
  }

  /** Calls `visit` with the documents and stored weights of a feature, documents rising. */
  forEachPosting(feature: number, visit: (doc: number, weight: number) => void): void {
    if (feature + 1 >= this.groupStarts.length) return;
    for (let group = this.groupStarts[feature]!; group < this.groupStarts[feature + 1]!; group++) {
      const base = this.from + this.blocks[group]! * BLOCK;
      for (let i = this.postingStarts[group]!; i < this.postingStarts[group + 1]!; i++) {
        visit(base + this.docs[i]!, WEIGHT_OF_CODE[this.codes[i]!]!);
      }
    }
  }
}

function countGroups(featureStarts: Uint32Array, docs: Uint32Array): number {
  let groups = 0;
  for (let feature = 0; feature + 1 < featureStarts.length; feature++) {
    let block = -1;
    for (let i = featureStarts[feature]!; i < featureStarts[feature + 1]!; i++) {
      const next = Math.floor(docs[i]! / BLOCK);
      if (next !== block) groups++;
      block = next;
    }
  }
  return groups;
}
