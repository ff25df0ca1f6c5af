import type { Explored } from '../explored.js';

/** `GET /api/state`: what this explorer shows. */
export async function stateRoute({ encoder, models, index }: Explored, signal: AbortSignal) {
  return {
    model: encoder.identity,
    models,
    index: index && {
      name: index.name,
      engine: `${index.engine.version.flavour} ${index.engine.version.text}`,
      url: index.engine.url,
      field: index.field,
      from: index.plan.vectors[index.field]!.from,
      pruning: index.plan.vectors[index.field]!.pruning,
      dialect: index.dialect.name,
      documents: await index.engine.count(index.name, undefined, { signal }),
    },
  };
}
