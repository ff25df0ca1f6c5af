import { readFileSync } from 'node:fs';
import { tokenSpansOf } from '../../../src/encoder/token-spans.js';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';
import type { SmallGolden } from '../../support/golden-checkpoint.js';

interface Kind {
  readonly name: string;
  readonly cases: readonly {
    readonly text: string;
    readonly tokens: string[];
    readonly spans: [number, number, string][];
  }[];
}

/** Made by generators/token_spans.py. */
const { kinds } = read<{ kinds: Kind[] }>('./token-spans.golden.json');
const [bert, roberta, modernbert, xlmRoberta, trimmed] = kinds as [Kind, Kind, Kind, Kind, Kind];
const BERT = { model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' } };

test.each([
  ...bert.cases.map((one) => ({ kind: 'bert', tokenizer: BERT as object, ...one })),
  ...casesOf(roberta),
  ...casesOf(modernbert),
  ...casesOf(trimmed, { ...filesOf('roberta'), post_processor: { trim_offsets: true } }),
])('$kind: $text', ({ tokenizer, text, tokens, spans }) => {
  const found = tokenSpansOf(tokenizer)(text, tokens);
  expect(found).toEqual(spans.map(([start, stop, piece]) => ({ start, stop, text: piece })));
});

/** Where NFKC joins or parts characters, the reference gives a token some of them; here it has all of them, or no place. */
test.each(casesOf(xlmRoberta).filter(({ text }) => text.normalize('NFKC') === text))(
  '$kind: $text',
  ({ tokenizer, text, spans }) => {
    const { tokens } = new TextTokenizer({ tokenizer, config: {} }).pieces(text);
    const found = tokenSpansOf(tokenizer)(text, tokens);
    expect(found).toEqual(spans.map(([start, stop, piece]) => ({ start, stop, text: piece })));
  },
);

test('gives no place to what does not fit, nor to what comes after it', () => {
  expect(tokenSpansOf(BERT)('fox cat', ['fox', 'dog', 'cat']).map((span) => span?.text)).toEqual([
    'fox',
    undefined,
    undefined,
  ]);
});

test('gives no place to bytes of a text that a normalizer has changed', () => {
  expect(tokenSpansOf(filesOf('roberta'))('e\u0301', ['Ã', '©'])).toEqual([undefined, undefined]);
});

function casesOf({ name, cases }: Kind, tokenizer = filesOf(name)) {
  return cases.map((one) => ({ kind: name, tokenizer, ...one }));
}

function filesOf(name: string): object {
  return read<SmallGolden>(`./small/${name}.golden.json`).files['tokenizer.json']!;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
