import { intoRetriever, type Strategy, scaled } from './strategy.js';

/** How much the sparse score counts beside the lexical one. */
export interface AddOptions {
  /** A factor of the sparse score, above 0. Default 1: SPLADE's scores are of the order of BM25's. */
  readonly weight?: number;
}

/** SPLADE beside the lexical clause: the scores are added, and what either finds is found. */
export function add({ weight = 1 }: AddOptions = {}): Strategy {
  return {
    spec: weight === 1 ? 'add' : `add(${weight})`,
    asksBeside: 'words',
    pair: ({ lexical, sparse, keepMatches }) => {
      const weighted = scaled(sparse, weight);
      return { bool: keepMatches ? { must: [lexical], should: [weighted] } : { should: [lexical, weighted] } };
    },
    place: (body, query) => ({ body: { ...body, query } }),
    placeRetriever: intoRetriever,
  };
}
