import { stringifyJson } from './json-text.js';
import { hasLongNumber } from './long-numbers.js';

/**
 * A JSON number that JavaScript would write otherwise: an id of 64 bits or a decimal of twenty digits, which no float64 is, or `1.0` where its form is to
 * be kept. Read as a number it would be another one, and a copy of its document would hold that. It prints as it was written; `JSON.stringify` gives the nearest number, {@link exactJson} the number itself.
 */
export class ExactNumber {
  /** Whether one has been written since this was last set to false: tells {@link exactJson} when the plain text will do. */
  static written = false;

  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): number {
    ExactNumber.written = true;
    return Number(this.text);
  }
}

/** Marks a number's text inside a JSON string; from a private use area, so that no text begins with it. */
const MARK = '\uE07E\uE07Enumber:';
const MARKED = new RegExp(`"${MARK}([-+.\\deE]+)"`, 'g');

/** Which numbers are kept as they are written. */
interface Kept {
  /** Strings, and all numbers that may be among them. Runs without alternatives inside: a string of any length takes no stack. */
  readonly tokens: RegExp;
  isKept(token: string): boolean;
  /** Whether a text may have one: where not, the tokens need not be looked for. */
  mayBeIn(text: string): boolean;
}

/** Those that no float64 is. */
const BY_VALUE: Kept = {
  tokens: /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g,
  isKept: (token) => {
    const nearest = String(Number(token));
    return nearest !== token && significant(token) !== significant(nearest);
  },
  mayBeIn: (text) => hasLongNumber(text, BY_VALUE.isKept),
};

/** All that would be written otherwise: `1.0`, which dynamic mappings tell from `1`. */
const AS_WRITTEN: Kept = {
  tokens: /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
  isKept: (token) => String(Number(token)) !== token,
  mayBeIn: (text) => /\d/.test(text),
};

const KEPT = { 'by value': BY_VALUE, 'as written': AS_WRITTEN };

/**
 * Parses JSON as `JSON.parse` does, but for numbers that JavaScript would write otherwise: those are {@link ExactNumber}.
 * @param exactness whether only those count whose value would change (the default), or all. @throws {SyntaxError}
 */
export function parseExactJson(text: string, exactness: keyof typeof KEPT = 'by value'): unknown {
  const { tokens, isKept, mayBeIn } = KEPT[exactness];
  // First: `01` is no JSON, and must not become some by its mark; and in a text that is none the tokens are looked for from every quotation mark anew.
  const plain: unknown = JSON.parse(text);
  if (!mayBeIn(text)) return plain;
  let isMarked = false;
  const marked = text.replace(tokens, (token) => {
    if (token.startsWith('"') || !isKept(token)) return token;
    isMarked = true;
    return `"${MARK}${token}"`;
  });
  if (!isMarked) return plain;
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value,
  );
}

/** A number that JSON gave, exact or not, as the nearest float64; anything else as it is. */
export function nearestNumber(value: unknown): unknown {
  return value instanceof ExactNumber ? Number(value.text) : value;
}

/** Writes JSON as `JSON.stringify` does, with each {@link ExactNumber} as it was read, and each `JsonText` as it is. @param indent blanks a level, on lines of their own. */
export function exactJson(value: unknown, indent?: number): string {
  ExactNumber.written = false;
  const plain = stringifyJson(value, undefined, indent);
  // A replacer makes stringify several times slower: it is for the few documents that need it.
  return ExactNumber.written ? stringifyJson(value, markExact, indent).replace(MARKED, '$1') : plain;
}

function markExact(this: Record<string, unknown>, key: string, json: unknown): unknown {
  const original = this[key];
  return original instanceof ExactNumber ? MARK + original.text : json;
}

/** Digits without sign, point, exponent and zeros at either end. They decide: a nearest number is never off by a power of ten. */
function significant(number: string): string {
  const [mantissa = ''] = number.split(/[eE]/);
  const digits = mantissa.replace(/[-.]/g, '');
  // No expression: one for the zeros at the end looks at each run of zeros from each of its zeros, and a run may be a megabyte of some text.
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  return digits.slice(start, end);
}
