import type { VectorPlan } from '../mapping/vector-plan.js';

/** What connects an index to an encode service. */
export interface Connection {
  readonly index: string;
  /** The text field that is encoded. */
  readonly text: string;
  /** The field that its vectors go into. */
  readonly field: string;
  /** The encode service, as the engine reaches it. */
  readonly service: string;
  /** The bearer token that the service asks for. */
  readonly token?: string;
  /** What the index says of its vectors. */
  readonly plan: VectorPlan;
  /** Documents that the engine sends to the service at once. */
  readonly batch: number;
}

/** Names whatever is made for an index, so that it is found again. */
export function nameFor(index: string): string {
  return `termweave-${index}`;
}

/** Where the service encodes documents as `termweave index` would write them. */
export function documentsUrl(connection: Connection): string {
  return `${connection.service}/encode?as=document&round=9bits&names=features${weightsIn(connection)}`;
}

/** Where the service encodes queries. */
export function queriesUrl(connection: Connection): string {
  return `${connection.service}/encode?as=query&names=features${weightsIn(connection)}`;
}

/** Names the weights: a service that was started with others refuses, and no vector of theirs gets into the index. */
function weightsIn({ plan }: Connection): string {
  return `&weights=${encodeURIComponent(plan.model.weights)}`;
}
