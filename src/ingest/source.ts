import type { JsonObject } from '../dialect/dialect.js';
import type { RequestOptions } from '../engine/engine.js';

/** A document as a source gives it. */
export interface SourceDocument {
  readonly id: string;
  readonly routing?: string;
  /** Every field of the document; nothing of the id or of the routing. */
  readonly source: JsonObject;
  /** Where it stands in its file: the line it begins on, from 1. */
  readonly line?: number;
  /** The state of the document that was read, where it is to be written only if it is still that one. */
  readonly version?: DocumentVersion;
}

/** What an engine knows a state of a document by. */
export interface DocumentVersion {
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** Why something is no document of the destination, and what there is of it: a line of the dead letters. */
export interface Refusal {
  readonly id?: string;
  readonly routing?: string;
  readonly line?: number;
  /** The engine's HTTP status for the item, or 400 where it never got that far. */
  readonly status: number;
  /** The engine's error type, or one of ours: `unreadable_line`, `missing_id`, `duplicate_id`, `not_text`, `field_taken`. */
  readonly type: string;
  readonly reason: string;
  /** The document's fields, or the text that could not be read. */
  readonly document?: unknown;
}

/** What flows through the pipeline: a document as far as it has come, or why it is none. An item's fate is a value, so that one bad line stops nothing. */
export type Item<D> = { readonly ok: true; readonly document: D } | { readonly ok: false; readonly refusal: Refusal };

export type SourceItem = Item<SourceDocument>;

/** Where documents come from. Pulled: it reads on only when asked to. */
export interface Source {
  /**
   * The documents, in an order that is the same each time.
   * @throws a Fault where reading cannot go on.
   */
  items(options: RequestOptions): AsyncIterable<SourceItem>;
  /** How far it has got, between 0 and 1, where that can be known. */
  progress?(): number | undefined;
}

/** What a refusal says of a document that was read. */
export type Delivered = Pick<SourceDocument, 'id' | 'routing' | 'line'> & Partial<Pick<SourceDocument, 'source'>>;

/** A refusal of a document that was read. */
export function refusalOf(document: Delivered, status: number, type: string, reason: string): Refusal {
  const { id, routing, line, source } = document;
  return { id, routing, line, status, type, reason, document: source };
}
