import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../../../src/ingest/sources/file-source.js';
import { parquetRows } from '../../../src/ingest/sources/parquet-rows.js';
import { collect } from '../../support/collect.js';

/** What `generators/parquet_rows.py` gave pyarrow 21.0.0. */
const rows = [...Array(10).keys()].map((i) => ({
  id: `d${i}`,
  source: {
    text: i % 5 === 4 ? null : `words of ${i}, grüße, 語`,
    small: i,
    // 2^53 and more: no number of JavaScript's.
    large: String(2n ** 53n + BigInt(i)),
    ratio: i / 4,
    flag: i % 2 === 0,
    at: `2024-01-01T12:30:0${i}.000Z`,
    day: new Date(Date.UTC(2024, 0, 1 + i)).toISOString(),
    bytes: Buffer.from([0, 255, i]).toString('base64'),
    tags: ['a', null, `t${i}`].slice(0, i % 4),
    inner: { name: `n${i}`, depth: { n: i } },
    parts: [...Array(i % 3).keys()].map((j) => ({ k: `k${j}` })),
  },
}));

describe.each(['snappy', 'zstd'])('a Parquet file of pyarrow, packed with %s', (codec) => {
  it('gives the documents that were written, row group after row group', async () => {
    const source = await fileSource(`test/golden/parquet/rows.${codec}.parquet`);
    expect(source.fields).toContain('text');
    const items = await collect(source.items({}));
    expect(items.map((item) => (item.ok ? { id: item.document.id, source: item.document.source } : item))).toEqual(
      rows,
    );
    expect(source.progress?.()).toBe(1);
  });
});

describe.each([1, 2])('pages of version %i', (version) => {
  const path = `test/golden/parquet/flat.v${version}.parquet`;
  const flat = [...Array(3000).keys()].map((i) => ({
    _id: `d${i}`,
    text: i % 7 === 3 ? null : `words of ${i} `.repeat(i % 5),
    kind: `kind ${i % 3}`,
  }));

  it.each([1, 1000, 5000, 1 << 20])('give the rows of a group when %i bytes are unpacked at once', async (bytes) => {
    const { total, rows } = await parquetRows(path, bytes);
    expect(total).toBe(3000);
    const read = await collect(bytes === 1 ? first(rows, 40) : rows);
    expect(read.map((row) => row.ok && row.fields)).toEqual(flat.slice(0, read.length));
    expect(read.map(({ line }) => line)).toEqual(read.map((_, i) => i + 1));
  });

  it('comes from the thread as it is', async () => {
    const items = await collect((await fileSource(path)).items({}));
    expect(items.map((item) => item.ok && { _id: item.document.id, ...item.document.source })).toEqual(flat);
  });
});

async function* first<T>(all: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let given = 0;
  for await (const one of all) {
    yield one;
    if (++given === count) return;
  }
}

it('a row with a time that JavaScript has none for is refused by itself', async () => {
  const items = await collect((await fileSource('test/golden/parquet/far-times.parquet')).items({}));
  const reason = 'a time that is not between the years -271821 and 275760';
  const refused = { type: 'unreadable_line', reason };
  expect(items).toMatchObject([
    { ok: true, document: { id: 'a', source: { at: '1970-01-01T00:00:00.000Z' } } },
    { ok: false, refusal: { line: 2, ...refused, document: '{"_id":"b","text":"y","at":null}' } },
    { ok: false, refusal: { line: 3, ...refused } },
  ]);
});

it('a file that is no Parquet, or is not there, is refused', async () => {
  const broken = join(tmpdir(), `termweave-${process.pid}.parquet`);
  await writeFile(broken, 'no parquet at all');
  await expect(fileSource(broken)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  await expect(fileSource('absent.parquet')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
});
