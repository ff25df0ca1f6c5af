const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * How the lines of a file end: as the first one does, with a return and a newline, a newline or a return. Other breaks are part of the text; but
 * where lines end with a newline, a return before it belongs to the end.
 */
export class LineEnds {
  #first: 'pair' | typeof NEWLINE | typeof RETURN | undefined;

  /** How many bytes the line end is that begins with a byte outside of quotes; 0 where none does. @param next the byte after it. */
  lengthAt(byte: number, next: number | undefined): number {
    if (byte !== NEWLINE && byte !== RETURN) return 0;
    const isPair = byte === RETURN && next === NEWLINE;
    this.#first ??= isPair ? 'pair' : (byte as typeof NEWLINE | typeof RETURN);
    if (this.#first === RETURN) return byte === RETURN ? 1 : 0;
    if (isPair) return 2;
    return byte === this.#first ? 1 : 0;
  }
}

/** Whether a line of text ends with a byte, whichever way: a return and a newline are one break. @param next the byte after it. */
export function breaksLine(byte: number, next: number | undefined): boolean {
  return byte === NEWLINE || (byte === RETURN && next !== NEWLINE);
}

/** The same bytes in pieces of which none but the last ends with a return, so that the byte after each is at hand. */
export async function* withWholeBreaks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isHeld = false;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    const whole: Buffer = isHeld ? Buffer.concat([Buffer.of(RETURN), chunk]) : chunk;
    isHeld = whole.at(-1) === RETURN;
    yield isHeld ? whole.subarray(0, -1) : whole;
  }
  if (isHeld) yield Buffer.of(RETURN);
}
