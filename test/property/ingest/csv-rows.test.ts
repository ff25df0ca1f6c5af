import fc from 'fast-check';
import { csvRows } from '../../../src/ingest/sources/csv-rows.js';
import { collect } from '../../support/collect.js';

const field = fc.string({ unit: fc.constantFrom('a', 'é', '𝄞', ',', '"', '\n', '\r', ' '), maxLength: 6 });
const cell = fc.record({ field, isQuoted: fc.boolean() });
/** What must stand in quotes, by how lines end: of line breaks those that could be taken for an end, or for a part of one. */
const quotedBefore = { '\n': /[",\n]|\r$/, '\r\n': /[",\r]/, '\r': /[",\r]|^\n/ };
const written = fc.array(fc.tuple(cell, cell), { maxLength: 6 }).chain((rows) =>
  fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const).map((end) => {
    const cellOf = ({ field: text, isQuoted }: { field: string; isQuoted: boolean }) =>
      isQuoted || quotedBefore[end].test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    return { rows, text: ['x,y', ...rows.map((row) => row.map(cellOf).join(','))].join(end) };
  }),
);

async function read(bytes: Buffer, sizes: readonly number[]) {
  async function* pieces() {
    let at = 0;
    for (let i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  return collect(csvRows({ name: 'a.csv', bytes: pieces(), progress: () => undefined }, ','));
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

it('CSV is read as it was written, wherever its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(written, sizes, async ({ rows, text }, cuts) => {
      const got = (await read(Buffer.from(text), cuts)).map((row) => row.ok && [row.fields.x, row.fields.y]);
      expect(got).toEqual(rows.map((row) => row.map((one) => one.field)));
    }),
    { numRuns: 300 },
  );
});

it('each record says on which line it begins, and its text is kept where it is refused, as far as its wrong quote', async () => {
  const line = fc.constantFrom('1,a', '2,"b\nc"', '3,5" d', '4,"e"" f"', '5,"g" h"', '6,"i\n"j" k"', '7,l,m');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), sizes, async (records, cuts) => {
      const rows = await read(Buffer.from(['x,y', ...records].join('\n')), cuts);
      let begins = 2;
      expect(rows.length).toBe(records.length);
      for (const [i, row] of rows.entries()) {
        expect(row.line).toBe(begins);
        if (row.ok) expect(row.fields.x).toBe(records[i]![0]);
        else expect(records[i]!.startsWith(row.text)).toBe(true);
        begins += records[i]!.split('\n').length;
      }
    }),
  );
});
