import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCiff } from '../../../src/export/ciff/ciff-reader.js';
import { splitLines } from '../../../src/export/read-lines.js';
import { collect } from '../../support/collect.js';
import { inFreshFolder } from '../../support/token-vectors.js';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([1, 2, 3, 7, 100])('gives the same lines whatever pieces they come in: %d bytes', async (size) => {
  const lines = await collect(splitLines(inPieces(Buffer.from('quick\n\nbrown\u2028fox\r\nend'), size)));
  expect(lines.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['quick', '', 'brown\u2028fox\r', 'end']);
  expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
});

/** How many bytes are joined while something runs. */
async function joinedBy(run: () => Promise<unknown>): Promise<number> {
  const { concat } = Buffer;
  let joined = 0;
  Buffer.concat = (...given) => {
    const whole = concat(...given);
    joined += whole.length;
    return whole;
  };
  try {
    await run();
    return joined;
  } finally {
    Buffer.concat = concat;
  }
}

const LONG = 4_000_000;

it('joins the pieces of a long line once', async () => {
  const line = Buffer.concat([Buffer.alloc(LONG, 'x'), Buffer.from('\nshort\n')]);
  expect(await joinedBy(() => collect(splitLines(inPieces(line, 1 << 12))))).toBeLessThan(LONG + (1 << 13));
});

it('joins the pieces of a long CIFF message once', async () => {
  await inFreshFolder(async (folder) => {
    const file = join(folder, 'long.ciff');
    // The varint of a length of 4,000,000, and bytes that are no header.
    await writeFile(file, Buffer.concat([Buffer.from([0x80, 0x92, 0xf4, 0x01]), Buffer.alloc(LONG, 0xff)]));
    const read = () =>
      expect(collect(readCiff(file))).rejects.toMatchObject({ found: expect.stringContaining('no CIFF message') });
    expect(await joinedBy(read)).toBeLessThan(LONG + (1 << 19));
  });
});

it('ends at a CIFF length that is none, before the rest of the file is read', async () => {
  await inFreshFolder(async (folder) => {
    const file = join(folder, 'endless.ciff');
    await writeFile(file, Buffer.alloc(LONG, 0xff));
    const read = () =>
      expect(collect(readCiff(file))).rejects.toMatchObject({ found: expect.stringContaining('length') });
    expect(await joinedBy(read)).toBeLessThan(1 << 19);
  });
});
