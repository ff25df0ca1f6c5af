import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ExportRequest, exportVectors } from '../../../src/export/export-vectors.js';
import { formats } from '../../../src/export/formats.js';
import { fileVectors } from '../../../src/export/sources/file-vectors.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { inFreshFolder, sourceOf } from '../../support/token-vectors.js';

const GOOD = '{"id":"a","terms":{"x":1.5}}';
const LAST = '{"id":"z","terms":{"y":2}}';

const BROKEN: [what: string, line: string | Buffer, found: RegExp][] = [
  ['a line cut off', '{"id":"b","terms":{"x":1', /no JSON/],
  ['an array', '[1]', /not an object/],
  ['no id', '{"terms":{"x":1}}', /no field "id"/],
  ['an id that is none', '{"id":{},"terms":{"x":1}}', /is no id/],
  ['a wrong field', '{"id":"b","weights":{"x":1}}', /no object of tokens and weights in field "terms"/],
  ['a text among vectors', '{"id":"b","text":"words"}', /no object of tokens and weights in field "terms"/],
  ['terms that are a long number', '{"id":"b","terms":12345678901234567890}', /no object of tokens and weights/],
  ['a number instead of an object', '12345678901234567890', /not an object/],
  ['an id past the largest double', '{"id":1e999,"terms":{"x":1}}', /is no id/],
  ['terms that are no object', '{"id":"b","terms":[1]}', /no object of tokens and weights/],
  ['a weight of 0', '{"id":"b","terms":{"x":0}}', /weight 0 of token "x"/],
  ['a negative weight', '{"id":"b","terms":{"x":-1}}', /weight -1/],
  ['NaN', '{"id":"b","terms":{"x":NaN}}', /no JSON/],
  ['a weight past the largest double', '{"id":"b","terms":{"x":1e999}}', /weight Infinity/],
  ['a weight in quotes', '{"id":"b","terms":{"x":"1"}}', /weight NaN of token "x"/],
  ['null', '{"id":"b","terms":{"x":null}}', /weight NaN/],
  ['a token that stands twice', '{"id":"b","terms":{"x":1,"x":2}}', /token "x" stands twice/],
  [
    'bytes that are not UTF-8',
    Buffer.from([...Buffer.from('{"id":"b","terms":{"'), 0xff, ...Buffer.from('":1}}')]),
    /not UTF-8/,
  ],
];

async function exported(content: string | Buffer, options: Pick<ExportRequest, 'onRefused'> = {}) {
  return inFreshFolder(async (folder) => {
    const file = join(folder, 'in.jsonl');
    const out = join(folder, 'out');
    await writeFile(file, content);
    const openEncoder = () => Promise.reject(new Error('no text here'));
    const run = exportVectors({
      format: formats.anserini(),
      folder: out,
      documents: await fileVectors(file, { as: 'document', openEncoder }),
      ...options,
    });
    const [manifest, thrown] = await run.then(
      (value) => [value, undefined] as const,
      (error) => [undefined, error] as const,
    );
    const files = (await readdir(out, { recursive: true })).sort();
    return { manifest, thrown, files };
  });
}

function withLine(line: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${GOOD}\n`), Buffer.from(line), Buffer.from(`\n${LAST}\n`)]);
}

describe.each(BROKEN)('an input with %s', (_what, line, found) => {
  it('is named by line, and nothing half-written is left', async () => {
    const { thrown, files } = await exported(withLine(line));
    expect(thrown).toMatchObject({ code: 'LINE_BROKEN', line: 2, found: expect.stringMatching(found) });
    expect(files).toEqual(['documents', 'progress.json']);
  });

  it('is exported without the line where that was asked', async () => {
    const skipped: unknown[] = [];
    const { manifest } = await exported(withLine(line), { onRefused: (refusal) => skipped.push(refusal.line) });
    expect(skipped).toEqual([2]);
    expect(manifest).toMatchObject({ documents: 2, refused: 1 });
  });
});

describe('a file', () => {
  it('that is packed and cut off is refused, for the rest of it cannot be known', async () => {
    const whole = gzipSync(
      Array.from({ length: 2000 }, (_, i) => `{"id":"${i}","terms":{"t${i}":${i + 1}}}\n`).join(''),
    );
    const { thrown } = await exported(whole.subarray(0, whole.length - 100), { onRefused: () => undefined });
    expect(thrown).toMatchObject({ code: 'FILE_BROKEN', found: expect.stringContaining('unexpected end of file') });
  });

  it('that is not there is named', async () => {
    const source = fileVectors('/nowhere/in.jsonl', { as: 'document', openEncoder: () => Promise.reject() });
    await expect(source).rejects.toMatchObject({ code: 'FILE_BROKEN', file: '/nowhere/in.jsonl' });
  });

  it('without a newline at its end is whole', async () => {
    expect((await exported(`${GOOD}\n${LAST}`)).manifest?.documents).toBe(2);
  });

  it('without a line gives an export without documents', async () => {
    expect((await exported('')).manifest).toMatchObject({ documents: 0 });
  });
});

describe('what a format cannot write', () => {
  it.each([
    ['anserini', 'two words'],
    ['lucene', 'a\u241fb'],
    ['tantivy', ''],
    ['vespa', `"'`],
    ['ciff', 'tab\there'],
    ['seismic', '\ud800'],
  ] as const)('is refused by name: %s, %j', async (name, token) => {
    await inFreshFolder(async (folder) => {
      const documents = sourceOf([
        { id: 'd', tokens: [token], weights: [1] },
        { id: 'e', tokens: ['a'], weights: [1] },
      ]);
      const run = exportVectors({ format: formats[name](), folder: join(folder, 'out'), documents });
      await expect(run).rejects.toMatchObject({ code: 'NAME_NOT_CARRIED', format: name, written: token });
      const told: unknown[] = [];
      const onRefused = ({ id, type }: Refusal, source: string) => told.push({ id, type, source });
      const manifest = await exportVectors({
        format: formats[name](),
        folder: join(folder, 'two'),
        documents,
        onRefused,
      });
      expect(manifest).toMatchObject({ documents: 1, refused: 1, loss: { documents: { vectors: 1, terms: 1 } } });
      expect(told).toEqual([{ id: 'd', type: 'name_not_carried', source: 'the test' }]);
    });
  });
});
