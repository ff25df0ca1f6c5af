const [QUOTE, BACKSLASH, BRACE, BRACKET, END_BRACE, END_BRACKET] = [0x22, 0x5c, 0x7b, 0x5b, 0x7d, 0x5d];

/** Follows the bytes of a JSON text in pieces: how deep in objects and lists it is. What is no JSON it follows all the same. */
export class JsonSteps {
  depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** One byte on; whether it opened (1) or closed (-1) an object or a list. Bytes of characters past ASCII are none of these. */
  step(byte: number): number {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
      return 0;
    }
    if (byte === QUOTE) this.#isInString = true;
    const step = byte === BRACE || byte === BRACKET ? 1 : byte === END_BRACE || byte === END_BRACKET ? -1 : 0;
    this.depth += step;
    return step;
  }
}
