import {
  BrokenLine,
  type BrokenLines,
  encodeJsonLines,
  type JsonLinesPlan,
} from '../../../src/cli/encode-json-lines.js';
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

async function filtered(given: string | Buffer, broken: BrokenLines, fields = ['text'], out = 'terms') {
  return answersOf(Buffer.from(given), { broken, fields, out });
}

type Asked = Pick<JsonLinesPlan, 'broken' | 'fields' | 'out' | 'longest'>;

/** The answers to bytes that come in pieces of 7. */
async function answersOf(given: Buffer, asked: Asked) {
  async function* source() {
    for (let at = 0; at < given.length; at += 7) yield given.subarray(at, at + 7);
  }
  const termsFor = ({ tokens }: Encoded) => `{"n":${tokens}}`;
  const answers: string[] = [];
  for await (const line of encodeJsonLines(source(), { ...asked, encode, termsFor })) {
    answers.push(line);
  }
  return answers;
}

const parsed = (lines: readonly string[]) => lines.map((line) => (line === '' ? '' : JSON.parse(line)));

test('gives a line for a line, in order, with all that stood in it as it was written', async () => {
  const lines = [
    '{"id":12345678901234567890,"2":1,"1":2.50,"text":"ab","x":[1] }',
    '',
    '{"text":"","id":1,"id":2}',
    '{"__proto__":{"a":1},"text":"a"}\r',
    '{"text":"one \u2028 line"}',
    '{"text":"last, without a newline"}',
  ];
  expect(await filtered(lines.join('\n'), 'stop')).toEqual([
    '{"id":12345678901234567890,"2":1,"1":2.50,"text":"ab","x":[1],"terms":{"n":2}}',
    '',
    '{"text":"","id":1,"id":2,"terms":{"n":0}}',
    '{"__proto__":{"a":1},"text":"a","terms":{"n":1}}',
    '{"text":"one \u2028 line","terms":{"n":10}}',
    '{"text":"last, without a newline","terms":{"n":23}}',
  ]);
});

test('joins several fields and replaces a field of the same name', async () => {
  const lines = '{"title":"ab","body":"cd","v":"old"}\n';
  expect(parsed(await filtered(lines, 'stop', ['title', 'body'], 'v'))).toEqual([
    { title: 'ab', body: 'cd', v: { n: 5 } },
  ]);
});

test('leaves the other fields as they are written where one of that name is replaced', async () => {
  const lines = [
    '{"terms":{"old":[1,{"a":"}"}]},"id":12345678901234567890,"x":1.0,"text":"ab"}',
    '{ "2": 1, "1": 2.50, "x":"\\"}{,", "x":[{},[]], "text":"ab", "ter\\u006ds": "old" }',
    '{"text":"a","terms":1,"terms":[2]}',
  ];
  expect(await filtered(lines.join('\n'), 'stop')).toEqual([
    '{"id":12345678901234567890,"x":1.0,"text":"ab","terms":{"n":2}}',
    '{"2": 1,"1": 2.50,"x":"\\"}{,","x":[{},[]],"text":"ab","terms":{"n":2}}',
    '{"text":"a","terms":{"n":1}}',
  ]);
  expect(await filtered('{"text":"a"}\n', 'stop', ['text'], 'text')).toEqual(['{"text":{"n":1}}']);
});

test('reads the texts of a record as an index does', async () => {
  const lines = [
    '{"text":"cat"}',
    '{"title":null}',
    '{"title":["a","bc"],"text":12345678901234567890}',
    '{"title":" ","text":true}',
  ];
  const lengths = async (fields: string[], of = lines) => {
    const answers = parsed(await filtered(of.join('\n'), 'stop', fields));
    return answers.map(({ terms }) => terms.n);
  };
  expect(await lengths(['title', 'text'])).toEqual([3, 0, 25, 4]);
  expect(await lengths(['a.b'], ['{"a":{"b":"x"}}', '{"a.b":"yz"}'])).toEqual([1, 2]);
});

test('answers broken lines in their places', async () => {
  const lines = ['nope', '{"text":"a"}', '[]', '{"text":{"a":1}}', '{"text":"abc"}', '{}', '{"text":"\xff"}'].join(
    '\n',
  );
  const error = (line: number, found: unknown) => ({ error: { line, code: 'LINE_BROKEN', found } });
  expect(parsed(await filtered(Buffer.from(lines, 'latin1'), 'answer'))).toEqual([
    error(1, expect.stringContaining('no JSON')),
    { text: 'a', terms: { n: 1 } },
    error(3, 'JSON, but no object'),
    error(4, 'field text holds an object, no text'),
    { text: 'abc', terms: { n: 3 } },
    error(6, 'no field text'),
    error(7, 'bytes that are not UTF-8'),
  ]);
});

test('stops at a broken line and names it', async () => {
  const stopped = filtered('{"text":"a"}\n{"text":"a"', 'stop');
  await expect(stopped).rejects.toThrow(BrokenLine);
  await expect(stopped).rejects.toMatchObject({ line: 2 });
});

test('answers a line that is too long for what it is, and reads on', async () => {
  const lines = ['{"text":"a"}', `{"text":"${'a'.repeat(100)}"}`, '{"text":"abc"}'].join('\n');
  const answers = await answersOf(Buffer.from(lines), {
    broken: 'answer',
    fields: ['text'],
    out: 'terms',
    longest: 20,
  });
  expect(parsed(answers)).toEqual([
    { text: 'a', terms: { n: 1 } },
    { error: { line: 2, code: 'LINE_BROKEN', found: 'more than 20 bytes' } },
    { text: 'abc', terms: { n: 3 } },
  ]);
});
