import type { JsonObject } from '../dialect/dialect.js';
import { JsonSteps } from './json-steps.js';

/** Where the engine has put a document. */
export interface AnsweredItem {
  readonly index: string;
  readonly id: string;
}

/** How deep an item is in an answer: the answer itself, or a member of its `items`. */
const DEPTH = { document: 1, bulk: 3 };
const FAILED = 300;

/** Reads the items of an answer to a write as it passes, piece by piece; holds one item and no more. */
export class AnsweredItems {
  readonly #itemDepth: number;
  readonly #steps = new JsonSteps();
  /** The beginning of an item that is not whole yet. */
  #parts: Buffer[] | undefined;

  constructor(readonly kind: keyof typeof DEPTH) {
    this.#itemDepth = DEPTH[kind];
  }

  /** The items that end in a piece, in their order; `undefined` for each that failed. */
  see(piece: Buffer): (AnsweredItem | undefined)[] {
    const ended: (AnsweredItem | undefined)[] = [];
    let start = 0;
    for (let i = 0; i < piece.length; i++) {
      const step = this.#steps.step(piece[i]!);
      const { depth } = this.#steps;
      if (step > 0 && depth === this.#itemDepth) {
        this.#parts = [];
        start = i;
      }
      if (step >= 0 || depth !== this.#itemDepth - 1 || !this.#parts) continue;
      ended.push(this.#itemOf(Buffer.concat([...this.#parts, piece.subarray(start, i + 1)])));
      this.#parts = undefined;
    }
    this.#parts?.push(piece.subarray(start));
    return ended;
  }

  #itemOf(bytes: Buffer): AnsweredItem | undefined {
    const read = objectIn(bytes.toString());
    const item = this.kind === 'bulk' ? Object.values(read)[0] : read;
    const { _index: index, _id: id, status } = (item ?? {}) as { _index?: unknown; _id?: unknown; status?: number };
    if (typeof index !== 'string' || typeof id !== 'string' || (status ?? 0) >= FAILED) return undefined;
    return { index, id };
  }
}

/** What is no JSON tells nothing. */
function objectIn(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
