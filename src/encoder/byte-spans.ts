import type { TokenSpan } from './token-span.js';

/** GPT-2's letter for a space; its other letters stand for one byte each, too. */
const SPACE = 'Ġ';
/** The first bits of a byte of UTF-8 that continues a character: 10. */
const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * The places of byte-level tokens: each letter of them is a byte of the text, as long as no normalizer has changed it. A token that is a part of a character stands where
 * the whole of it does.
 * @param trims whether spaces at the ends of tokens are left out, as RoBERTa's post-processor has it.
 */
export function byteSpans(text: string, tokens: readonly string[], trims = false): (TokenSpan | undefined)[] {
  const bytes = Buffer.from(text);
  const lengths = tokens.map((token) => [...token].length);
  if (lengths.reduce((sum, length) => sum + length, 0) !== bytes.length) return tokens.map(() => undefined);
  let end = 0;
  return tokens.map((token, i) => {
    let [start, stop] = [end, end + lengths[i]!];
    end = stop;
    if (trims) {
      start += token.length - withoutSpacesBefore(token).length;
      stop = Math.max(start, stop - (token.length - withoutSpacesAfter(token).length));
    }
    while (isContinuation(bytes[start])) start--;
    while (isContinuation(bytes[stop])) stop++;
    return { start, stop, text: bytes.toString('utf8', start, stop) };
  });
}

function withoutSpacesBefore(token: string): string {
  return token.replace(new RegExp(`^${SPACE}+`), '');
}

function withoutSpacesAfter(token: string): string {
  return token.replace(new RegExp(`${SPACE}+$`), '');
}
