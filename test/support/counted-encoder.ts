import type { Encoder } from '../../src/encoder/encoder.js';

/** An encoder that counts the texts of its streams that are not empty. What it stands for is not closed with it. */
export function countedEncoder(encoder: Encoder): Encoder & { encoded: number } {
  const counted = {
    vocabulary: encoder.vocabulary,
    identity: encoder.identity,
    encoded: 0,
    encode: encoder.encode.bind(encoder),
    encodeStream: ((texts, options) => encoder.encodeStream(counting(texts), options)) as Encoder['encodeStream'],
    wordsBehind: encoder.wordsBehind.bind(encoder),
    tokenize: encoder.tokenize.bind(encoder),
    [Symbol.asyncDispose]: async () => {},
  };
  async function* counting(texts: AsyncIterable<string> | Iterable<string>) {
    for await (const text of texts) {
      if (text !== '') counted.encoded++;
      yield text;
    }
  }
  return counted;
}
