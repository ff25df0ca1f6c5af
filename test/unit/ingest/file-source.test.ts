import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { SourceItem } from '../../../src/ingest/source.js';
import { type FileSourceOptions, fileSource, usualTextFields } from '../../../src/ingest/sources/file-source.js';
import { collect } from '../../support/collect.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-source-'));
});

async function read(name: string, content: string | Buffer, options: FileSourceOptions = {}): Promise<SourceItem[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  const source = await fileSource(path, options);
  return collect(source.items({}));
}

const fate = (item: SourceItem) => (item.ok ? item.document.id : `${item.refusal.line} ${item.refusal.type}`);

describe('JSON lines', () => {
  it('are the same plain and packed, with or without a last newline, with Windows line ends', async () => {
    const lines = '{"_id":"a","text":"één"}\n{"_id":"b","text":"two"}';
    const plain = await read('plain.jsonl', lines);
    expect(plain.map(fate)).toEqual(['a', 'b']);
    expect(await read('packed.jsonl.gz', gzipSync(lines))).toEqual(plain);
    expect(await read('newline.jsonl', `${lines}\n`)).toEqual(plain);
    expect(await read('windows.jsonl', lines.replaceAll('\n', '\r\n'))).toEqual(plain);
  });

  it('go on after a broken line, and say which it was', async () => {
    const items = await read('broken.jsonl', '{"id":"a"}\n\n{"id":"b"\n[1]\n{"id":"c"}\n');
    expect(items.map(fate)).toEqual(['a', '3 unreadable_line', '4 unreadable_line', 'c']);
  });

  it('refuse bytes that are no UTF-8', async () => {
    const items = await read('latin1.jsonl', Buffer.from('{"id":"a","text":"caf\xe9"}\n{"id":"b"}', 'latin1'));
    expect(items.map(fate)).toEqual(['1 unreadable_line', 'b']);
  });

  it('let the first of several documents with one id stand', async () => {
    const items = await read('twice.jsonl', '{"id":"a","n":1}\n{"id":7}\n{"id":"a","n":2}\n{"id":"7"}');
    expect(items.map(fate)).toEqual(['a', '7', '3 duplicate_id', '4 duplicate_id']);
  });

  it('refuse a document without an id, unless ids are made from the content, the same each time', async () => {
    const lines = '{"id":"a","text":"x"}\n{"text":"y"}\n{"id":"","text":"z"}\n{"id":{},"text":"z"}';
    expect((await read('ids.jsonl', lines)).map(fate)).toEqual(['a', '2 missing_id', '3 missing_id', '4 missing_id']);
    const made = (await read('made.jsonl', lines, { makeIds: true })).map(fate);
    expect(new Set(made).size).toBe(4);
    expect((await read('made.jsonl', lines, { makeIds: true })).map(fate)).toEqual(made);
  });

  it('refuse an id of more than 512 bytes, which fails a whole bulk request', async () => {
    const items = await read('long.jsonl', `{"id":"${'é'.repeat(256)}"}\n{"id":"${'é'.repeat(257)}"}`);
    expect(items.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('keep routing apart, and metadata names out of the document', async () => {
    const [item] = await read('routed.jsonl', '{"_id":"a","_routing":"r","text":"x"}');
    expect(item).toEqual({ ok: true, document: { id: 'a', routing: 'r', source: { text: 'x' }, line: 1 } });
  });

  it('come from standard input too', async () => {
    const source = await fileSource('-', { standardInput: Readable.from([Buffer.from('{"id":"a"}')]) });
    expect((await collect(source.items({}))).map(fate)).toEqual(['a']);
  });
});

describe('CSV', () => {
  it('has quotes, line breaks inside them and a byte order mark', async () => {
    const items = await read('a.csv', '\uFEFFid,text\n1,"a, ""b""\nc"\n2,d\n');
    expect(items.map((item) => item.ok && [item.document.id, item.document.source.text])).toEqual([
      ['1', 'a, "b"\nc'],
      ['2', 'd'],
    ]);
  });

  it('goes on after a record that does not fit the names', async () => {
    const items = await read('b.csv', 'id,text\n1,a\n2,b,c\n3,d\n');
    expect(items.map(fate)).toEqual(['1', '3 unreadable_line', '3']);
    expect((await read('quote.csv', 'id,text\n1,a\n2,"b\n')).map(fate)).toEqual(['1', '3 unreadable_line']);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['array.jsonl', '[{"id":1}]', 'INPUT_UNREADABLE'],
    ['cut.jsonl.gz', gzipSync('{"id":1}\n'.repeat(1000)).subarray(0, 20), 'INPUT_UNREADABLE'],
    ['noid.jsonl', '{"name":"x"}', 'FIELDS_UNKNOWN'],
  ])('%s says so', async (name, content, code) => {
    await expect(read(name, content)).rejects.toMatchObject({ code });
  });

  it('is missing, or a folder', async () => {
    await expect(fileSource(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    await expect(fileSource(folder)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it('has no usual text field: the message names those that it has', () => {
    expect(() => usualTextFields(['id', 'blurb'])).toThrow(/blurb/);
    expect(usualTextFields(['text', 'title'])).toEqual(['title', 'text']);
  });
});
