import { join } from 'node:path';
import { type FormatName, formats } from '../../../src/export/formats.js';
import { parseQuantisation } from '../../../src/export/quantisation.js';
import { anseriniRun } from '../../support/anserini-run.js';
import { expectExactRun, parseRun } from '../../support/expect-exact-run.js';
import { type IntegerCollection, integerCollections } from '../../support/integer-vectors.js';
import {
  anserini,
  luceneExample,
  onSystem,
  output,
  python,
  tantivyExample,
  vespa,
} from '../../support/other-systems.js';
import { exportAll, inFreshFolder } from '../../support/token-vectors.js';

/** Exports a collection and gives the folder to whoever reads it. */
function exported<T>(
  { documents, queries }: IntegerCollection,
  name: FormatName,
  use: (folder: string, scratch: string) => Promise<T>,
  quantisation = 'none',
): Promise<T> {
  return inFreshFolder(async (folder) => {
    const out = join(folder, 'out');
    const format = formats[name]();
    await exportAll(documents, queries, { format, folder: out, quantisation: parseQuantisation(quantisation) });
    return use(out, folder);
  });
}

const collections = integerCollections();
const ALL = 100_000;
const TIMEOUT_MS = 120_000;

await onSystem('Anserini 1.5.0', anserini, (java) => {
  it.each(collections)(
    'ranks by the integer dot product: $name vectors',
    async (collection) => {
      const run = await exported(collection, 'anserini', (out, scratch) => anseriniRun(java, out, scratch, 1000));
      expectExactRun(parseRun(run), collection, 1000);
    },
    TIMEOUT_MS,
  );
});

await onSystem('Lucene 10.6.0, by examples/lucene', luceneExample, (java) => {
  it.each(collections)(
    'ranks term frequencies by the integer dot product: $name vectors',
    async (collection) => {
      const run = await exported(collection, 'lucene', (out) => java.run('ExportedVectors', out, String(ALL)));
      expectExactRun(parseRun(run), collection, ALL);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps of a FeatureField what the quantisation says it keeps',
    async () => {
      const [made] = collections;
      const weights = (vectors: IntegerCollection['documents'], scale: number) =>
        vectors.map((vector) => ({ ...vector, weights: vector.weights.map((weight) => Math.fround(weight * scale)) }));
      // Query weights that are powers of two make every product exact, so that only what is stored can differ.
      const queries = made!.queries.map((vector) => ({
        ...vector,
        weights: vector.weights.map((weight) => 2 ** (weight % 4)),
      }));
      const collection = { ...made!, documents: weights(made!.documents, 0.00731), queries };
      const { impactOf } = parseQuantisation('featureField');
      const run = await exported(
        collection,
        'lucene-features',
        (out) => java.run('ExportedVectors', out, String(ALL)),
        'featureField',
      );
      const kept = collection.documents.map((vector) => ({ ...vector, weights: vector.weights.map(impactOf) }));
      // Products are exact in float32; Lucene sums them in double precision and rounds once.
      expectExactRun(parseRun(run), { ...collection, documents: kept }, ALL, Math.fround);
    },
    TIMEOUT_MS,
  );
});

await onSystem('Tantivy 0.27.0, by the Rust example', tantivyExample, (program) => {
  it.each(collections.flatMap((collection) => ['bits', 'impacts'].map((way) => ({ ...collection, way }))))(
    'ranks $way by the integer dot product: $name vectors',
    async ({ way, ...collection }) => {
      const run = await exported(collection, 'tantivy', (out) => output(program, [out, String(ALL), way]));
      expectExactRun(parseRun(run), collection, ALL);
    },
    TIMEOUT_MS,
  );
});

await onSystem('Tantivy 0.27.0, by the Python example', python, (interpreter) => {
  it.each(collections)(
    'ranks bits by the integer dot product: $name vectors',
    async (collection) => {
      const example = 'examples/tantivy/exported_vectors.py';
      const run = await exported(collection, 'tantivy', (out) => output(interpreter, [example, out, String(ALL)]));
      expectExactRun(parseRun(run), collection, ALL);
    },
    TIMEOUT_MS,
  );
});

await onSystem('Vespa 8.700.24 (model, feed, YQL and ranking expressions; not the content node)', vespa, (java) => {
  it.each(collections)(
    'reads the application, and both queries ask for the integer dot product: $name vectors',
    async (collection) => {
      const run = await exported(collection, 'vespa', (out) => java.run('VespaCheck', out, String(ALL)));
      for (const tag of ['splade', 'impacts']) expectExactRun(parseRun(run, tag), collection, ALL);
    },
    TIMEOUT_MS,
  );
});
