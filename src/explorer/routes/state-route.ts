import { Fault } from '../../fault/fault.js';
import { writtenFields } from '../../mapping/field-texts.js';
import type { SparseIndex } from '../../retrieve/sparse-index.js';
import type { Explored } from '../explored.js';
import { shownFault } from '../explorer-faults.js';

/** `GET /api/state`: what this explorer shows. An engine that does not answer keeps nobody from what needs none: it is told as `problem`. */
export async function stateRoute({ encoder, models, index }: Explored, signal: AbortSignal) {
  return {
    model: encoder.identity,
    models,
    index: index && {
      name: index.name,
      engine: `${index.engine.version.flavour} ${index.engine.version.text}`,
      url: index.engine.url,
      field: index.field,
      from: writtenFields(index.plan.vectors[index.field]!),
      pruning: index.plan.vectors[index.field]!.pruning,
      dialect: index.dialect.name,
      ...(await documentsOf(index, signal)),
    },
  };
}

async function documentsOf(index: SparseIndex, signal: AbortSignal) {
  try {
    return { documents: await index.engine.count(index.name, undefined, { signal }) };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { problem: shownFault(thrown) };
  }
}
