import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { onEveryEngine } from '../../support/engines.js';
import { shasUnder } from '../../support/folder-shas.js';
import { hasParts, never, runUntil } from '../../support/killed-export.js';
import { inFreshFolder } from '../../support/token-vectors.js';
import { indexVectors } from '../../support/vector-index.js';
import { vectors } from '../../support/vectors.js';

const DOCUMENTS = 2000;
const TIMEOUT_MS = 240_000;

onEveryEngine('the export of an index, killed', ({ url }) => {
  let engine: Engine;
  let index: string;

  beforeAll(async () => {
    engine = await connect(await url());
    const written = fc.sample(vectors({ minLength: 1 }), { seed: 4, numRuns: DOCUMENTS });
    index = (await indexVectors(engine, written)).index;
  }, TIMEOUT_MS);
  afterAll(async () => {
    await engine?.deleteIndex(index);
    await engine?.[Symbol.asyncDispose]();
  });

  const run = async (format: string, out: string, kill: () => Promise<boolean>) => {
    const args = ['export', format, '--from', index, '--out', out, '--documents-per-part', '150'];
    return runUntil(args, kill, { TERMWEAVE_URL: await url() });
  };

  it.each([
    ['seismic', 'documents/part-00000.jsonl'],
    ['csr', 'kept-parts/part-00000.jsonl'],
  ])(
    'by SIGKILL again and again, goes on and gives the same files to the byte: %s',
    async (format, firstPart) => {
      await inFreshFolder(async (folder) => {
        const [killed, calm] = [join(folder, 'killed'), join(folder, 'calm')];
        expect(await run(format, calm, never)).toBe(0);
        let first: bigint | undefined;
        for (const parts of [1, 4, 9]) {
          expect(await run(format, killed, hasParts(killed, parts))).toBe('SIGKILL');
          const { ino } = await stat(join(killed, firstPart), { bigint: true });
          expect([ino, undefined]).toContain(first);
          first = ino;
          // Segments change, and the order of documents in them; nothing is written.
          await engine.request({ method: 'POST', path: `/${index}/_forcemerge`, query: { max_num_segments: '1' } });
        }
        expect(await run(format, killed, never)).toBe(0);
        expect(await shasUnder(killed)).toEqual(await shasUnder(calm));
      });
    },
    TIMEOUT_MS,
  );

  it(
    'starts over where it was written to meanwhile, and holds what is there now',
    async () => {
      await inFreshFolder(async (folder) => {
        const [killed, calm] = [join(folder, 'killed'), join(folder, 'calm')];
        expect(await run('seismic', killed, hasParts(killed, 2))).toBe('SIGKILL');
        await engine.bulk(index, [{ kind: 'delete', id: 'd17' }]);
        expect(await run('seismic', killed, never)).toBe(0);
        expect(await run('seismic', calm, never)).toBe(0);
        expect(await shasUnder(killed)).toEqual(await shasUnder(calm));
      });
    },
    TIMEOUT_MS,
  );
});
