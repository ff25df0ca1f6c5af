import { boosted } from './boosted.js';
import type { Scope } from './evaluation.js';
import { known, refuse } from './known-keys.js';
import type { Matches } from './matches.js';

/** Adds the scores of a linear `rank_feature` clause, times the boost around it. @throws {EngineRefused} for any other function. */
export function scoreFeature({ index }: Scope, clause: unknown, around: number, into: Matches): void {
  const { field, linear, boost = 1 } = known(clause, 'rank_feature', ['field', 'linear', 'boost']);
  if (linear === undefined) refuse('[rank_feature] without [linear] is saturation, which this engine does not have');
  known(linear, 'linear', []);
  // As RankFeatureQueryBuilder does: the feature's name is what follows the last dot.
  const path = String(field);
  const dot = path.lastIndexOf('.');
  index.features.get(path.slice(0, dot))?.score(path.slice(dot + 1), boosted(around, boost), into);
}
