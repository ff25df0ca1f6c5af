import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shasUnder } from '../../support/folder-shas.js';
import { hasParts, never, runUntil } from '../../support/killed-export.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';
import { inFreshFolder } from '../../support/token-vectors.js';

const DOCUMENTS = 3000;
const WORDS = ['the', 'cat', 'sat', 'on', 'mat', 'search', 'engine', 'river'];
const TIMEOUT_MS = 120_000;

const words = (i: number) => Array.from({ length: 9 }, (_, j) => WORDS[(i * 7 + j * (i % 5)) % WORDS.length]);
const texts = () => lines((i) => ({ _id: `d${i}`, title: `river ${i % 7}`, text: words(i).join(' ') }));
const vectors = () => lines((i) => ({ id: `d${i}`, terms: { a: 1 + (i % 7), [`t${i % 97}`]: 0.25 * (1 + (i % 13)) } }));

function lines(of: (i: number) => object): string {
  return Array.from({ length: DOCUMENTS }, (_, i) => `${JSON.stringify(of(i))}\n`).join('');
}

describe.each([
  ['anserini', 'texts', texts, 'documents/part-00000.jsonl.gz'],
  ['csr', 'texts', texts, 'kept-parts/part-00000.jsonl'],
  ['ciff', 'vectors', vectors, 'kept-parts/part-00000.jsonl'],
] as const)('termweave export %s of a file of %s', (format, what, content, firstPart) => {
  it(
    'killed by SIGKILL again and again, goes on and gives the same files to the byte',
    async () => {
      await inFreshFolder(async (folder) => {
        const [from, killed, calm] = ['from.jsonl', 'killed', 'calm'].map((name) => join(folder, name));
        await writeFile(from!, content());
        const model = await tinyCheckpoint();
        const run = (out: string, kill: () => Promise<boolean>, ...others: string[]) => {
          const settings = [
            '--compress',
            'gzip',
            '--documents-per-part',
            '400',
            '--model',
            model,
            '--workers',
            '1',
            ...others,
          ];
          const args = ['export', format, '--from', from!, '--queries', from!, '--out', out, ...settings];
          return runUntil(args, kill, { TERMWEAVE_HOME: folder });
        };
        expect(await run(calm!, never)).toBe(0);
        let first: bigint | undefined;
        for (const parts of [1, 5]) {
          expect(await run(killed!, hasParts(killed!, parts))).toBe('SIGKILL');
          const { ino } = await stat(join(killed!, firstPart), { bigint: true });
          // The part of the first try is still the one that it wrote: nothing began again.
          expect([ino, undefined]).toContain(first);
          first = ino;
        }
        // Rounded weights make other vectors: never some of each in one export.
        if (what === 'texts') expect(await run(killed!, never, '--precision', 'int8')).toBe(2);
        expect(await run(killed!, never)).toBe(0);
        expect(await shasUnder(killed!)).toEqual(await shasUnder(calm!));
      });
    },
    TIMEOUT_MS,
  );
});
