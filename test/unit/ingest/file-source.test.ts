import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { SourceItem } from '../../../src/ingest/source.js';
import { csvRows } from '../../../src/ingest/sources/csv-rows.js';
import { type FileSourceOptions, fileSource } from '../../../src/ingest/sources/file-source.js';
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

  it('goes on after a record that does not fit the names, and keeps its text', async () => {
    const items = await read('b.csv', 'id,text\n1,a\n\n2,b,c\n3,d\n');
    expect(items.map(fate)).toEqual(['1', '4 unreadable_line', '3']);
    expect(items[1]).toMatchObject({ refusal: { document: '2,b,c' } });
  });

  it.each([
    ['CR LF', '\r\n', '\n'],
    ['CR LF', '\r\n', '\r'],
    ['LF', '\n', '\r'],
    ['CR', '\r', '\n'],
  ])('ends its lines with %s as the first one does: another break is text', async (_, end, inside) => {
    const items = await read('ends.csv', ['id,text', `1,first${inside}second`, '2,"c"', '3,d,e', ''].join(end));
    expect(items.map(fate)).toEqual(['1', '2', '5 unreadable_line']);
    expect(items[0]).toMatchObject({ document: { source: { text: `first${inside}second` } } });
  });

  it('stops where lines that end otherwise than the first make one record of many', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i},text`).join('\n');
    await expect(read('mixed.csv', `id,text\r\n1,a\r\n${rows}\n`)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      found: expect.stringMatching(/between lines 3 and 2[23]/),
    });
  });

  it.each([
    ['inside a field without quotes', '2,5" screen\n', '2 unreadable_line'],
    ['closed too early', '2,"5" screen"\n', '2 unreadable_line'],
    ['closed too early, in a text of several lines', '2,"a 5\n"screen" and\nmore"\n', '2 unreadable_line'],
  ])('goes on after a quote %s', async (_, row, refused) => {
    const items = await read('quote.csv', `id,text\n${row}3,"d\ne"\n4,f\n`);
    expect(items.map(fate)).toEqual([refused, '3', '4']);
    // As far as it was read when the quote was seen.
    expect(items[0]).toMatchObject({ refusal: { document: expect.stringMatching(/^2,"?(a )?5/) } });
  });

  it('stops where a quote out of place makes one record of many, after what stands before it', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},text`).join('\n');
    for (const stray of ['"5 screen', '"5" screen']) {
      const path = join(folder, 'stray.csv');
      await writeFile(path, `id,text\n${rows}\na,${stray}\n${rows}\n`);
      const got: string[] = [];
      const reading = (async () => {
        for await (const item of (await fileSource(path)).items({})) got.push(fate(item));
      })();
      await expect(reading).rejects.toThrow(/between lines 102 and 20[1-3]/);
      expect(got).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    }
    expect((await read('end.csv', 'id,text\n1,a\n2,"b\n')).map(fate)).toEqual(['1', '3 unreadable_line']);
  });

  it('holds no more of a record whose quote is never closed than a record may have', async () => {
    let lines = 0;
    async function* bytes() {
      yield Buffer.from('id,text\n1,a\n2,"');
      for (; lines < 2_000; lines++) yield Buffer.from(`${'x'.repeat(1_000)}\n`);
    }
    const rows = csvRows({ name: 'open.csv', bytes: bytes(), progress: () => undefined }, ',', 100_000);
    expect((await rows.next()).value).toMatchObject({ ok: true, fields: { id: '1' } });
    await expect(rows.next()).rejects.toThrow(/more than 100000 bytes, which begins on line 3/);
    expect(lines).toBeLessThan(500);
  });

  it('refuses bytes that are no UTF-8, and reads what spreadsheets write in UTF-16', async () => {
    const latin1 = await read('latin1.csv', Buffer.from('id,text\n1,caf\xe9\n2,b\n', 'latin1'));
    expect(latin1.map(fate)).toEqual(['2 unreadable_line', '2']);
    const [wide] = await read('wide.tsv', Buffer.from('\uFEFFid\ttext\r\n1\tné\r\n', 'utf16le'));
    expect(wide).toMatchObject({ document: { id: '1', source: { text: 'né' } } });
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

  const opened = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return fileSource(join(folder, name));
  };

  it('has no usual text field: the message names those that it has', async () => {
    const { usualTextFields } = await opened('blurbs.jsonl', '{"id":1,"blurb":"x"}');
    expect(usualTextFields).toThrow(/blurb/);
    expect((await opened('usual.jsonl', '{"id":1,"text":"x"}\n{"id":2,"title":"y"}')).usualTextFields()).toEqual([
      'title',
      'text',
    ]);
  });

  it('has none of the text fields that are named, in any of the first documents', async () => {
    const { hasText, mustHaveText } = await opened('named.jsonl', '{"id":1,"a":{"b":"x"}}\n{"id":2,"c":null}');
    expect(hasText(['nofield', 'a.c'])).toBe(false);
    await expect(mustHaveText(['nofield', 'a.c'])).rejects.toThrow(/none of nofield, a\.c; .*id, a, c/);
    for (const fields of [['a.b'], ['nofield', 'c']]) {
      expect(hasText(fields)).toBe(true);
      await mustHaveText(fields);
    }
  });

  it('is looked at beyond the first documents where those have no text, and read from its beginning', async () => {
    const textless = '{"id":1,"other":"x"}\n'.repeat(1900);
    const source = await opened('later.jsonl', `${textless}{"id":2,"text":"y"}\n${textless}`);
    expect(source.hasText(['text'])).toBe(false);
    await source.mustHaveText(['text']);
    expect(await collect(source.items({}))).toHaveLength(3801);
    const mistyped = await opened('later.jsonl', `${textless}${textless}`);
    await expect(mistyped.mustHaveText(['text'])).rejects.toMatchObject({
      code: 'FIELDS_UNKNOWN',
      remedy: expect.stringMatching(/--text FIELD,FIELD; .*make the index first/),
    });
    expect(await collect(mistyped.items({}))).toHaveLength(3800);
  });

  it('is empty, or holds no document: it says so, and blames no field', async () => {
    for (const name of ['empty.jsonl', 'empty.csv']) {
      const empty = await opened(name, '');
      expect(empty.usualTextFields).toThrow(/it is empty/);
      await empty.mustHaveText(['text']);
    }
    expect((await opened('broken-only.jsonl', '{"id":\n')).usualTextFields).toThrow(/line 1: /);
  });
});
