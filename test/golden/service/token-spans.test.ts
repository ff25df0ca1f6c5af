import { readFileSync } from 'node:fs';
import { tokenSpans } from '../../../src/service/token-spans.js';

interface Case {
  readonly text: string;
  readonly tokens: string[];
  readonly spans: [number, number, string][];
}

const { cases } = JSON.parse(readFileSync('test/golden/service/token-spans.golden.json', 'utf8')) as { cases: Case[] };

test.each(cases)('$text', ({ text, tokens, spans }) => {
  const found = tokenSpans(text, tokens, '[UNK]');
  expect(found).toEqual(spans.map(([start, stop, piece]) => ({ start, stop, text: piece })));
});

test('gives no place to what does not fit, nor to what comes after it', () => {
  expect(tokenSpans('fox cat', ['fox', 'dog', 'cat'], '[UNK]').map((span) => span?.text)).toEqual([
    'fox',
    undefined,
    undefined,
  ]);
});
