/**
 * A JSON number that no float64 is: an id of 64 bits, a decimal of twenty digits. Read as a number it would be another one, and a copy of its
 * document would hold that. It prints as it was written; `JSON.stringify` gives the nearest number, {@link exactJson} the number itself.
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
/** Fewer digits are always exact (float64 has 15). */
const MAY_BE_LONG = /\d[\d.]{15}/;
const STRINGS_AND_LONG_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/** Parses JSON as `JSON.parse` does, but for numbers that no float64 is: those are {@link ExactNumber}. @throws {SyntaxError} */
export function parseExactJson(text: string): unknown {
  if (!MAY_BE_LONG.test(text)) return JSON.parse(text);
  let isMarked = false;
  const marked = text.replace(STRINGS_AND_LONG_NUMBERS, (token) => {
    if (token.startsWith('"') || isExact(token)) return token;
    isMarked = true;
    return `"${MARK}${token}"`;
  });
  if (!isMarked) return JSON.parse(text);
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value,
  );
}

/** Writes JSON as `JSON.stringify` does, with each {@link ExactNumber} as it was read. */
export function exactJson(value: unknown): string {
  ExactNumber.written = false;
  const plain = JSON.stringify(value);
  // A replacer makes stringify several times slower: it is for the few documents that need it.
  return ExactNumber.written ? JSON.stringify(value, markExact).replace(MARKED, '$1') : plain;
}

function markExact(this: Record<string, unknown>, key: string, json: unknown): unknown {
  const original = this[key];
  return original instanceof ExactNumber ? MARK + original.text : json;
}

/** Whether the nearest float64, printed, has the same digits. */
function isExact(token: string): boolean {
  return significant(token) === significant(String(Number(token)));
}

/** Digits without sign, point, exponent and zeros at either end. They decide: a nearest number is never off by a power of ten. */
function significant(number: string): string {
  const [digits = ''] = number.split(/[eE]/);
  return digits.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
}
