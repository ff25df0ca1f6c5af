import { join } from 'node:path';
import fc from 'fast-check';
import type { Compression } from '../../../src/export/compression.js';
import { type FormatName, formats } from '../../../src/export/formats.js';
import { unquantised } from '../../../src/export/quantisation.js';
import {
  byToken,
  carriedTokens,
  collections,
  exportAll,
  inFreshFolder,
  vectorsOf,
} from '../../support/token-vectors.js';

const names = Object.keys(formats) as FormatName[];

describe.each(names)('format %s', (name) => {
  const tokens = carriedTokens(formats[name]());

  it('carries the tokens that have tripped other formats', () => {
    expect(tokens).toEqual(expect.arrayContaining(['"', "'", '\\', '|', '##|', 'cells', '__proto__', '東', '🦊']));
  });

  it('brings back every vector, in the order of its terms unless it says that it does not', async () => {
    const keepsOrder = !formats[name]().losses.some((loss) => loss.startsWith('the order of terms'));
    const compared = keepsOrder ? <T>(vector: T) => vector : byToken;
    const compression = fc.constantFrom<Compression>('none', 'gzip');
    await fc.assert(
      fc.asyncProperty(collections(tokens), collections(tokens), compression, async (documents, queries, packed) => {
        await inFreshFolder(async (folder) => {
          const out = join(folder, 'out');
          await exportAll(documents, queries, {
            format: formats[name](),
            folder: out,
            quantisation: unquantised,
            compression: packed,
          });
          const read = async (side: 'documents' | 'queries') => vectorsOf(formats[name]().read(out, side));
          expect((await read('documents')).map(compared as never)).toEqual(documents.map(compared as never));
          expect((await read('queries')).map(compared as never)).toEqual(queries.map(compared as never));
        });
      }),
      { numRuns: 12 },
    );
  });

  it('writes the same bytes for the same input', async () => {
    const [documents] = fc.sample(collections(tokens), { seed: 1, numRuns: 1 });
    const shasOf = () =>
      inFreshFolder((folder) =>
        exportAll(documents!, documents!, { format: formats[name](), folder, quantisation: unquantised }),
      );
    expect(await shasOf()).toEqual(await shasOf());
  });
});
