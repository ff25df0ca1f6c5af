import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TokenVector } from '../../src/export/token-vector.js';
import { awkwardVocabulary } from './vectors.js';

const DOCUMENTS = '../shared/data/truth/vectors-docs.json.gz';
const QUERIES = '../shared/data/truth/vectors-queries.json';

/** Documents and queries of whole weights whose scores stay under 2^24, where a float32 is exact. */
export interface IntegerCollection {
  readonly name: string;
  readonly documents: readonly TokenVector[];
  readonly queries: readonly TokenVector[];
}

/** The shared vectors where they lie beside the repository, and always the ones made here. */
export function integerCollections(): IntegerCollection[] {
  const made = madeCollection();
  if (existsSync(DOCUMENTS)) return [made, sharedCollection()];
  process.stderr.write(`LEFT OUT ${DOCUMENTS}: not there\n`);
  return [made];
}

/** Tokens without white space: what every system here can hold. */
const TOKENS = [
  ...awkwardVocabulary.tokens.filter((token) => /^[^\s\p{Cc}]+$/u.test(token)),
  ...Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? `##w${i}` : `w${i}`)),
];

/** One document with the whole vocabulary, one with nothing, and some between; a query of every awkward token. */
function madeCollection(): IntegerCollection {
  const random = lehmer(20261125);
  const pick = (id: string, share: number, heaviest: number): TokenVector => {
    const tokens = TOKENS.filter(() => random() < share);
    return { id, tokens, weights: tokens.map(() => 1 + Math.floor(random() * heaviest)) };
  };
  const documents = Array.from({ length: 60 }, (_, i) => pick(`d${i}`, i === 0 ? 1 : (i % 7) / 100, 400));
  const queries = Array.from({ length: 12 }, (_, i) => pick(`q${i}`, 0.004 * (i + 1), 100));
  const awkward = TOKENS.slice(0, TOKENS.length - 5000);
  const every = (id: string, weight: number) => ({ id, tokens: awkward, weights: awkward.map((_, i) => weight + i) });
  return { name: 'made', documents: [...documents, every('awkward', 7)], queries: [...queries, every('qa', 3)] };
}

function sharedCollection(): IntegerCollection {
  const documents = JSON.parse(gunzipSync(readFileSync(DOCUMENTS)).toString());
  return {
    name: 'shared',
    documents: vectorsOf(documents),
    queries: vectorsOf(JSON.parse(readFileSync(QUERIES, 'utf8'))),
  };
}

function vectorsOf(vectors: Record<string, Record<string, number>>): TokenVector[] {
  return Object.entries(vectors).map(([id, terms]) => {
    const kept = Object.entries(terms).filter(([, weight]) => weight > 0);
    return { id, tokens: kept.map(([token]) => token), weights: kept.map(([, weight]) => weight) };
  });
}

/** Lehmer's generator (Park and Miller, 1988): numbers from 0 to 1, the same everywhere. */
function lehmer(seed: number): () => number {
  let state = seed % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
