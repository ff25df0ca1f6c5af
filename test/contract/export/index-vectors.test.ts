import fc from 'fast-check';
import { formats } from '../../../src/export/formats.js';
import { unquantised } from '../../../src/export/quantisation.js';
import { indexVectors as readIndex } from '../../../src/export/sources/index-vectors.js';
import type { TokenVector } from '../../../src/export/token-vector.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { byToken, exportAll, inFreshFolder, vectorsOf } from '../../support/token-vectors.js';
import { indexVectors } from '../../support/vector-index.js';
import { vectors } from '../../support/vectors.js';

/** Files hold the shortest decimal that is the same float32. */
const asFloat32 = (vector: TokenVector) => ({ ...vector, weights: vector.weights.map(Math.fround) });

onEveryConnectedEngine('the export of an index', (engine) => {
  it('holds every document once, each weight as the index keeps it, under its token', async () => {
    const written = fc.sample(vectors({ minLength: 1 }), { seed: 8, numRuns: 700 });
    const { index, dialect } = await indexVectors(engine(), written);
    const documents = await readIndex(engine(), index);
    expect(documents.origin).toEqual({
      model: { id: 'test', weights: '0', pooling: 'max', precision: 'float32', maxTokens: 256, compiler: 1 },
      vocabulary: written[0]!.vocabulary.fingerprint,
    });
    const expected = written.map((vector, i) => {
      const stored = [...vector.terms()].map(
        ({ token, weight }) => [token, dialect.stored(dialect.sendable(weight))] as const,
      );
      return { id: `d${i}`, terms: new Map(stored) };
    });
    await inFreshFolder(async (folder) => {
      const format = formats.terms();
      await exportAll([], [], { format, folder, documents, quantisation: unquantised });
      const exported = (await vectorsOf(format.read(folder, 'documents'))).map(asFloat32).map(byToken);
      const number = ({ id }: { id: string }) => Number(id.slice(1));
      expect(exported.sort((a, b) => number(a) - number(b))).toEqual(expected);
    });
    await engine().deleteIndex(index);
  });
});
