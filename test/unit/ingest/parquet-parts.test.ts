import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { parquetOnThread } from '../../../src/ingest/sources/parquet-on-thread.js';
import { rowsAtOnce } from '../../../src/ingest/sources/parquet-rows.js';

const ROWS = 1000;

/** A column of a group of 1000 rows, of so many bytes in so many pages. */
function column(bytes: number, pages?: number, path = ['text']) {
  const stats = [
    { page_type: 'DICTIONARY_PAGE', encoding: 'PLAIN', count: 1 },
    { page_type: 'DATA_PAGE', encoding: 'PLAIN', count: pages },
  ];
  const meta_data = {
    path_in_schema: path,
    total_uncompressed_size: BigInt(bytes),
    ...(pages !== undefined && { encoding_stats: stats }),
  } as ColumnMetaData;
  return { file_offset: 0n, meta_data };
}

describe('a part of a row group', () => {
  const flat: Pick<FileMetaData, 'schema'> = { schema: [{ name: 'text', type: 'BYTE_ARRAY' }] };
  const rows = (columns: ReturnType<typeof column>[], bytes: number, { schema } = flat) =>
    rowsAtOnce({ schema }, { columns, num_rows: BigInt(ROWS) }, bytes);

  it('has the rows of so many bytes', () => {
    expect(rows([column(80_000, 800), column(20_000, 200)], 1000)).toBe(10);
    expect(rows([column(100_000)], 1000)).toBe(10);
    expect(rowsAtOnce(flat, { columns: [], num_rows: 0n }, 1000)).toBeGreaterThan(0);
  });

  it('has no more values than take so many bytes once they are unpacked: they may be a few that stand over and over', () => {
    expect(rows([column(10, 100), column(10, 100)], 3200)).toBe(100);
  });

  it('has no fewer rows than a page of each column, which is unpacked whole for each part', () => {
    expect(rows([column(100_000, 1)], 1000)).toBe(ROWS);
    expect(rows([column(80_000, 1), column(20_000, 100)], 1000)).toBeGreaterThan(ROWS / 2);
    expect(rows([column(100_000, 4)], 1000)).toBe(ROWS / 4);
  });

  it('is all of it where a row may have several values, be they without a list of their own', () => {
    expect(rows([column(100_000, 100, ['tags', 'list', 'element'])], 1000)).toBe(ROWS);
    const schema: FileMetaData['schema'] = [{ name: 'tags', type: 'BYTE_ARRAY', repetition_type: 'REPEATED' }];
    expect(rows([column(100_000, 100, ['tags'])], 1000, { schema })).toBe(ROWS);
  });
});

const FILE = 'test/golden/parquet/flat.v1.parquet';
const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;

it('a signal ends the reading at once, before it begins or while something is unpacked', async () => {
  const before = threads();
  const reason = new Error('enough');
  await expect(parquetOnThread(FILE, AbortSignal.abort(reason))).rejects.toBe(reason);
  const abort = new AbortController();
  const { rows } = await parquetOnThread(FILE, abort.signal);
  const next = rows.next();
  abort.abort(reason);
  await expect(next).rejects.toBe(reason);
  expect(await rows.next()).toEqual({ done: true, value: undefined });
  expect(threads()).toBe(before);
});

it('rows that nobody begins to read leave no thread behind', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const before = threads();
  await (async () => void (await parquetOnThread(FILE)))();
  expect(threads()).toBe(before + 1);
  for (let tries = 0; threads() > before && tries < 50; tries++) {
    collectGarbage();
    await sleep(20);
  }
  expect(threads()).toBe(before);
});
