import { splitLines } from './read-lines.js';

/** A line of text with its number, from 1. */
export interface TextLine {
  readonly text: string;
  readonly number: number;
}

/** The lines of a text that comes in pieces, cut as {@link splitLines} cuts; a carriage return at a line's end is taken away. */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextLine> {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const { number, bytes } of splitLines(chunks)) {
    const text = utf8.decode(bytes);
    yield { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }
}
