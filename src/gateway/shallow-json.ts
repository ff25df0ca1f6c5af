import type { JsonObject } from '../dialect/dialect.js';
import { ExactNumber, parseExactJson } from '../dialect/exact-number.js';
import { JsonText } from '../dialect/json-text.js';
import { JsonSteps } from './json-steps.js';

/**
 * Reads a JSON text in pieces, as they come. Objects and lists that are deeper than the depth wanted stay the text that they are ({@link JsonText}): they are
 * most of a page of hits, and parsing and writing tens of megabytes of them would hold the event loop for seconds.
 */
export class ShallowJson {
  readonly #steps = new JsonSteps();
  /** The text with a list of one number, its place among `#deep`, for each that is deeper. */
  readonly #shallow: Buffer[] = [];
  readonly #deep: string[] = [];
  /** The beginning of one that is not whole yet. */
  #parts: Buffer[] | undefined;

  /** @param depth to which values are read: 1 for the members of the outermost object. */
  constructor(private readonly depth: number) {}

  see(piece: Buffer): void {
    let start = 0;
    for (let i = 0; i < piece.length; i++) {
      const step = this.#steps.step(piece[i]!);
      if (step > 0 && this.#steps.depth === this.depth + 1) {
        this.#shallow.push(piece.subarray(start, i));
        this.#parts = [];
        start = i;
      }
      if (step >= 0 || this.#steps.depth !== this.depth || !this.#parts) continue;
      this.#shallow.push(Buffer.from(`[${this.#deep.length}]`));
      this.#deep.push(Buffer.concat([...this.#parts, piece.subarray(start, i + 1)]).toString());
      this.#parts = undefined;
      start = i + 1;
    }
    (this.#parts ?? this.#shallow).push(piece.subarray(start));
  }

  /** What has been seen, its numbers as they were written. @throws {SyntaxError} */
  value(): unknown {
    return this.#withDeep(parseExactJson(Buffer.concat(this.#shallow).toString(), 'as written'), 1);
  }

  #withDeep(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
    if (depth > this.depth) return new JsonText(this.#deep[(value as number[])[0]!]!);
    for (const [name, inner] of Object.entries(value)) {
      const whole = this.#withDeep(inner, depth + 1);
      // Not by assignment, which takes `__proto__` for something else than a name.
      if (whole !== inner) Object.defineProperty(value as JsonObject, name, { value: whole });
    }
    return value;
  }
}
