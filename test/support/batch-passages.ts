import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { vectorsAgree } from '../../src/ingest/reindex/vectors-agree.js';

const SHARED = '../shared/data/load/rfc-passages.jsonl.gz';

/** How many passages the trials of batch engines encode, several times over. */
export const PASSAGES = Number(process.env.TERMWEAVE_BATCH_PASSAGES ?? 1000);

/** Passages as JSON lines: of RFCs where they are at hand, otherwise the project's own documentation, cut anywhere. */
export function batchPassages(count = PASSAGES): string[] {
  if (existsSync(SHARED)) return gunzipSync(readFileSync(SHARED)).toString().split('\n').slice(0, count);
  process.stderr.write(`passages of the documentation: ${SHARED} is not there\n`);
  const prose = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'].map((page) => readFileSync(page, 'utf8')).join(' ');
  return Array.from({ length: count }, (_, i) => {
    const from = (i * 97) % (prose.length - 500);
    return JSON.stringify({ _id: `p${i}`, title: `passage ${i}`, text: prose.slice(from, from + 500) });
  });
}

type Vector = Record<string, number>;

/**
 * That documents are those of an undisturbed run, each with its text and its vector. Texts that were encoded in other company may differ
 * in a weight's last bit ({@link vectorsAgree}); everything else is the same.
 * @returns how many are the same to the bit.
 */
export function expectSameDocuments(
  found: ReadonlyMap<string, Record<string, unknown>>,
  expected: ReadonlyMap<string, Record<string, unknown>>,
  field = 'splade',
): number {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  let toTheBit = 0;
  for (const [id, { [field]: vector, ...document }] of found) {
    const { [field]: wanted, ...rest } = expected.get(id)!;
    expect(document).toEqual(rest);
    expect([id, vectorsAgree(vector as Vector, wanted as Vector)]).toEqual([id, true]);
    if (JSON.stringify(sorted(vector as Vector)) === JSON.stringify(sorted(wanted as Vector))) toTheBit++;
  }
  return toTheBit;
}

function sorted(vector: Vector): [string, number][] {
  return Object.entries(vector).sort(([a], [b]) => (a < b ? -1 : 1));
}
