import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docRecord, header, postingsList } from '../../../src/export/ciff/ciff-messages.js';
import { readCiff } from '../../../src/export/ciff/ciff-reader.js';
import { splitLines } from '../../../src/export/read-lines.js';
import type { TokenVector } from '../../../src/export/token-vector.js';
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
async function joinedBy(run: () => Promise<unknown>, onJoin?: (length: number) => void): Promise<number> {
  const { concat } = Buffer;
  let joined = 0;
  Buffer.concat = (...given) => {
    const whole = concat(...given);
    joined += whole.length;
    onJoin?.(whole.length);
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

it('holds no more of a long CIFF postings list than chunks of the file, wherever they cut it', async () => {
  const documents = 400_000;
  const looked = 200;
  const tf = (docid: number) => 1 + (docid % 1000);
  await inFreshFolder(async (folder) => {
    const file = join(folder, 'long-list.ciff');
    const postings = Array.from({ length: documents }, (_, docid) => ({ docid: Math.min(docid, 1), tf: tf(docid) }));
    const long = 'x'.repeat(300_000);
    const lists = [
      { term: 'rare', df: 1, cf: 7, postings: [{ docid: 3, tf: 7 }] },
      { term: 'the', df: documents, cf: documents, postings },
      { term: long, df: 1, cf: 3, postings: [{ docid: 5, tf: 3 }] },
    ];
    const totals = { totalPostingsLists: 3, totalDocs: 0, totalTermsInCollection: 0, averageDoclength: 0 };
    await writeFile(file, [
      header.encodeDelimited({ version: 1, numPostingsLists: 3, numDocs: documents, ...totals, description: '' }),
      ...lists.map((list) => postingsList.encodeDelimited(list)),
      ...Array.from({ length: looked }, (_, i) => documents - looked + i).map((docid) =>
        docRecord.encodeDelimited({ docid, collectionDocid: `d${docid}`, doclength: 1 }),
      ),
      ...[3, 5].map((docid) => docRecord.encodeDelimited({ docid, collectionDocid: `d${docid}`, doclength: 1 })),
    ]);
    const found: TokenVector[] = [];
    const read = async () => {
      for await (const document of readCiff(file)) if (found.push(document) === looked + 2) break;
    };
    let longest = 0;
    await joinedBy(read, (length) => {
      longest = Math.max(longest, length);
    });
    expect(longest).toBeLessThan(1 << 20);
    const [three, five] = found.splice(looked);
    expect(found.map(({ id, tokens, weights }) => `${id} ${tokens} ${weights}`)).toEqual(
      Array.from({ length: looked }, (_, i) => documents - looked + i).map((docid) => `d${docid} the ${tf(docid)}`),
    );
    expect(three).toEqual({ id: 'd3', tokens: ['rare', 'the'], weights: [7, tf(3)] });
    expect(five).toEqual({ id: 'd5', tokens: ['the', long], weights: [tf(5), 3] });
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
