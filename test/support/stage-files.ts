import { gzipSync } from 'node:zlib';

const BOOKS: readonly (readonly [title: string, text: string])[] = [
  ['Foxes at dusk', 'A fox leaves its den at dusk and hunts mice along the hedges, outwitting the hunters.'],
  ['How foxes hear', 'Foxes hear a mouse under the snow, leap, and dive on it from above.'],
  ['Bread', 'Bread needs flour, water, salt and time; the yeast does the rest.'],
  ['Coats', 'A warm winter coat of wool keeps the wind out.'],
  ['Night trains', 'A night train leaves in the evening and arrives at breakfast.'],
  ['Owls', 'Owls are predators of the night: silent wings, and ears that find prey in the dark.'],
  ['Wolves', 'Wolves hunt in packs and wear their prey down over many miles.'],
  ['Cats', 'A cat stalks a bird, waits, and springs.'],
];
const QUERIES = [
  'how does a fox hunt',
  'predators in the evening',
  'what does bread need',
  'warm winter coat',
  'wolves in packs',
  'train at night',
];

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const rows = (values: readonly (readonly unknown[])[]) => values.map((row) => `${row.join('\t')}\n`).join('');

/** The files that the documentation speaks of, each small, with what it says is in them. */
export function stageFiles(): Record<string, string | Buffer> {
  const books = BOOKS.map(([title, text], i) => ({ _id: `${i + 40}`, title, text, language: 'en', year: 2020 + i }));
  const corpus = lines(books);
  const queries = lines(QUERIES.map((text, i) => ({ _id: `q${i}`, text })));
  const judged = QUERIES.map((_, i) => [`q${i}`, ['40', '45', '42', '43', '46', '44'][i], 1]);
  const vectors = lines(books.map(({ _id }, i) => ({ id: _id, terms: { fox: 1.5 + i, den: 0.5 } })));
  return {
    'books.jsonl': corpus,
    'corpus.jsonl': corpus,
    'corpus.jsonl.gz': gzipSync(corpus),
    'shop.jsonl': lines(
      BOOKS.map(([title, body], i) => ({ _id: `${i + 40}`, title, body, changed: 1_700_000_000 + i })),
    ),
    'books.csv': ['isbn,title,blurb', ...BOOKS.map(([title, text], i) => `isbn-${i},${title},"${text}"`), ''].join(
      '\n',
    ),
    'my.jsonl': lines(BOOKS.map(([name, body]) => ({ _id: name, name, body }))),
    'dump.json': JSON.stringify({ items: books.map(({ title, text }) => ({ title, text })) }),
    'body.json': JSON.stringify({ query: { match: { body: 'how does a fox hunt' } } }),
    'queries.jsonl': queries,
    'queries.txt': QUERIES.map((text) => `${text}\n`).join(''),
    'clicks.tsv': rows(judged.map(([query, document]) => [query, document])),
    'scifact/corpus.jsonl': corpus,
    'scifact/queries.jsonl': queries,
    'scifact/qrels/test.tsv': rows([['query-id', 'corpus-id', 'score'], ...judged]),
    'qrels.tsv': rows([['query-id', 'corpus-id', 'score'], ...judged]),
    'vectors.jsonl': vectors,
    'vectors.jsonl.gz': gzipSync(vectors),
    'topics.dl19-passage.splade-pp-ed.tsv.gz': gzipSync('1\tfox fox den\n2\tbread\n'),
    token: 'a-token-of-the-documentation\n',
  };
}
