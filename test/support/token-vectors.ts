import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ExportFormat } from '../../src/export/export-format.js';
import { type ExportManifest, type ExportRequest, exportVectors } from '../../src/export/export-vectors.js';
import type { TokenVector } from '../../src/export/token-vector.js';
import { type VectorItem, type VectorSource, withoutFirst } from '../../src/export/vector-source.js';
import { awkwardVocabulary } from './vectors.js';

/** Tokens that the format can write. */
export function carriedTokens(format: ExportFormat): string[] {
  return awkwardVocabulary.tokens.filter((token) => format.refuses(token, 'token') === undefined);
}

/** Arbitrary collections of vectors over some tokens: whole weights, ids that are numbers and names, terms in any order. */
export function collections(tokens: readonly string[]): fc.Arbitrary<TokenVector[]> {
  const term = fc.tuple(fc.constantFrom(...tokens), fc.integer({ min: 1, max: 4000 }));
  const terms = fc.uniqueArray(term, { maxLength: 20, selector: ([token]) => token });
  return fc.array(terms, { maxLength: 12 }).map((vectors) =>
    vectors.map((entries, i) => ({
      id: i % 2 === 0 ? String(i) : `doc-${i}:ü"\\`,
      tokens: entries.map(([token]) => token),
      weights: entries.map(([, weight]) => weight),
    })),
  );
}

/** The vector as a map, for formats that do not keep the order of terms. */
export function byToken({ id, tokens, weights }: TokenVector) {
  return { id, terms: new Map(tokens.map((token, i) => [token, weights[i]!] as const)) };
}

/** Vectors as a source; those in memory, or what a format has read. */
export function sourceOf(vectors: Iterable<TokenVector> | AsyncIterable<TokenVector | VectorItem>): VectorSource {
  async function* items(): AsyncGenerator<VectorItem> {
    for await (const item of vectors) yield 'ok' in item ? item : { ok: true, document: item };
  }
  return { name: 'the test', items: ({ skip }) => withoutFirst(items(), skip) };
}

/** The vectors that a format has read, of which none may be refused. */
export async function vectorsOf(items: AsyncIterable<VectorItem>): Promise<TokenVector[]> {
  return (await collect(items)).map((item) => {
    if (!item.ok) throw new Error(`line ${item.refusal.line}: ${item.refusal.reason}`);
    const { line, ...vector } = item.document;
    return vector;
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Exports collections that are in memory. */
export function exportAll(
  documents: readonly TokenVector[],
  queries: readonly TokenVector[],
  request: Pick<ExportRequest, 'format' | 'folder'> & Partial<ExportRequest>,
): Promise<ExportManifest> {
  return exportVectors({
    documents: sourceOf(documents),
    queries: sourceOf(queries),
    ...request,
  });
}

/** A folder that is gone after `use`. */
export async function inFreshFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'termweave-export-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
