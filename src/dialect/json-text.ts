import { isPlain } from './plain-object.js';

/** What stands for a {@link JsonText} while what is around it is written. A document that says it, too, is written in another way. */
const PLACE = '\u0000termweave:text';
const WRITTEN_PLACE = JSON.stringify(PLACE);

/** The texts of the values that `JSON.stringify` comes by, in order, while {@link stringifyJson} waits for it. */
let met: string[] | undefined;

/**
 * A value inside a document as its JSON, for what is written quicker by other means than `JSON.stringify`: a vector's features, on their way to an engine.
 * {@link stringifyJson} puts it in as it is, and `JSON.stringify` writes what it says; anybody else reads that as `value`, for its own properties are not those
 * of what it says, and a spread of it is none. {@link withTextsRead} reads all in a document.
 */
export class JsonText {
  /** @param text JSON, as `JSON.stringify` would write it. */
  constructor(readonly text: string) {}

  /** What it says, parsed anew. */
  get value(): unknown {
    return JSON.parse(this.text);
  }

  toJSON(): unknown {
    if (!met) return this.value;
    met.push(this.text);
    return PLACE;
  }
}

type Replacer = (this: Record<string, unknown>, key: string, value: unknown) => unknown;

/** As `JSON.stringify`, with the text of each {@link JsonText} in its place. */
export function stringifyJson(value: unknown, replacer?: Replacer, indent?: number): string {
  if (indent !== undefined) return JSON.stringify(value, replacer, indent);
  const texts: string[] = [];
  met = texts;
  let written: string;
  try {
    written = JSON.stringify(value, replacer);
  } finally {
    met = undefined;
  }
  if (texts.length === 0) return written;
  const [first, ...others] = written.split(WRITTEN_PLACE);
  if (others.length !== texts.length) return JSON.stringify(value, replacer);
  return others.reduce((joined, other, i) => joined + texts[i] + other, first!);
}

/** A value (a document, a write, the fields that `EngineSinkOptions.writeOf` is given) with each {@link JsonText} in it read; itself where there is none. */
export function withTextsRead<T>(value: T): T {
  if (value instanceof JsonText) return value.value as T;
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, inner, withTextsRead(inner)] as const);
  if (entries.every(([, inner, read]) => inner === read)) return value;
  if (Array.isArray(value)) return entries.map(([, , read]) => read) as T;
  return Object.fromEntries(entries.map(([name, , read]) => [name, read])) as T;
}
