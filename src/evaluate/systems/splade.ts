import { sparseQuery } from '../../query/sparse-query.js';
import { type Pruning, unpruned } from '../../sparse/pruning.js';
import { type System, searchScores } from './system.js';

/** The dot product of stored vectors with the query's vector, pruned first where a pruning is given. */
export function splade(pruning: Pruning = unpruned): System {
  const named =
    pruning === unpruned ? { spec: 'splade' } : { spec: `splade+prune(${pruning.spec})`, approximates: 'splade' };
  return {
    ...named,
    asking: pruning === unpruned ? {} : { pruning },
    async rank(index, { vector }, options) {
      const { query, features } = sparseQuery(pruning.prune(vector), index);
      return { documents: await searchScores(index, { query }, options), clauses: features.length };
    },
  };
}
