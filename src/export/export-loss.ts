import type { ExportFormat, Side } from './export-format.js';
import { integerScoreBound, type Loss, scoreDifferenceBound } from './loss-meter.js';
import type { Quantisation } from './quantisation.js';

/** What an export has cost, and what it can still promise. */
export interface ExportLoss {
  readonly quantisation: string;
  readonly scale: number;
  readonly documents: Loss;
  readonly queries: Loss;
  /** No score of these queries differs by more, in the model's units; `null` without queries. */
  readonly scoreDifferenceBound: number | null;
  /** No integer score is larger; under 2^24 = 16777216 every float32 score is exact. `null` without queries or for fractions. */
  readonly integerScoreBound: number | null;
  /** What a round trip through the format does not bring back. */
  readonly format: readonly string[];
}

/** The loss of both sides under one quantisation. */
export function lossOf(
  format: ExportFormat,
  quantisation: Quantisation,
  losses: Readonly<Record<Side, Loss>>,
): ExportLoss {
  const { documents, queries } = losses;
  const asked = queries.vectors > 0;
  return {
    quantisation: quantisation.spec,
    scale: quantisation.scale,
    documents,
    queries,
    scoreDifferenceBound: asked ? scoreDifferenceBound(queries, documents) : null,
    integerScoreBound: asked && format.whole ? integerScoreBound(queries, documents, quantisation) : null,
    format: format.losses,
  };
}
