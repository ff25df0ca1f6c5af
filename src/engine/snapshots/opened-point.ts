/** A point in time, and what it was opened on. */
export interface OpenedPoint {
  readonly index: string;
  readonly id: string;
  /** The parameter that says which copies of a shard it is of; empty for any. */
  readonly preference: { readonly preference?: string };
}
