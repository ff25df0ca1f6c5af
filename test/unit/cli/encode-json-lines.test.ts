import { BrokenLine, type BrokenLines, encodeJsonLines } from '../../../src/cli/encode-json-lines.js';
import type { Encoded } from '../../../src/encoder/encoder.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const vocabulary = new Vocabulary(['a']);

/** Stands in for the model: the "vector" is the text's length. */
async function* encode(texts: AsyncIterable<string>): AsyncGenerator<Encoded> {
  for await (const text of texts) {
    yield { vector: SparseVector.empty(vocabulary), tokens: text.length, truncated: false };
  }
}

async function filtered(lines: readonly string[], broken: BrokenLines, fields = ['text'], out = 'terms') {
  async function* source() {
    yield* lines;
  }
  const termsFor = ({ tokens }: Encoded) => `{"n":${tokens}}`;
  const answers: unknown[] = [];
  for await (const line of encodeJsonLines(source(), { fields, out, broken, encode, termsFor })) {
    answers.push(JSON.parse(line));
  }
  return answers;
}

test('keeps order and the other fields', async () => {
  const lines = ['{"id":2,"text":"ab","x":[1]}', '', '{"text":"","id":1}'];
  expect(await filtered(lines, 'stop')).toEqual([
    { id: 2, text: 'ab', x: [1], terms: { n: 2 } },
    { text: '', id: 1, terms: { n: 0 } },
  ]);
});

test('joins several fields and replaces a field of the same name', async () => {
  const lines = ['{"title":"ab","body":"cd","v":"old"}'];
  expect(await filtered(lines, 'stop', ['title', 'body'], 'v')).toEqual([{ title: 'ab', body: 'cd', v: { n: 5 } }]);
});

test('answers broken lines in their places', async () => {
  const lines = ['nope', '{"text":"a"}', '[]', '{"text":1}', '{"text":"abc"}', '{}'];
  const error = (line: number, found: string) => ({ error: { line, code: 'LINE_BROKEN', found } });
  expect(await filtered(lines, 'answer')).toEqual([
    error(1, 'no JSON object'),
    { text: 'a', terms: { n: 1 } },
    error(3, 'no JSON object'),
    error(4, 'field text is no text'),
    { text: 'abc', terms: { n: 3 } },
    error(6, 'no field text'),
  ]);
});

test('stops at a broken line and names it', async () => {
  await expect(filtered(['{"text":"a"}', '{"text":"a"'], 'stop')).rejects.toThrow(BrokenLine);
  await expect(filtered(['{"text":"a"}', '{"text":"a"'], 'stop')).rejects.toMatchObject({ line: 2 });
});
