import { Fault } from '../fault/fault.js';
import type { Dialect, JsonObject } from './dialect.js';

/** A vector as a document carries it: feature names to weights. */
export type StoredVector = Readonly<Record<string, number>>;

/** A passage of a text as a document carries it in a field of {@link keptPassages}. */
export interface StoredPassage {
  readonly text: string;
  readonly vector: StoredVector;
}

/**
 * A dialect whose field keeps a long text's passages, each with a vector of its own, as nested documents: a document's score is that of its
 * best passage (the largest of float32 sums is one of them, to the bit), and `inner_hits` tell which passages those are. The words of a
 * passage are kept to be shown, not to be searched: the text fields have them.
 *
 * Engines take 10,000 nested documents in a document (`index.mapping.nested_objects.limit`) and refuse one that has more.
 */
export function keptPassages(dialect: Dialect): Dialect {
  return {
    ...dialect,
    field: { type: 'nested', properties: { text: { type: 'text', index: false }, vector: dialect.field } },
    query: (field, features, name = field) => ({
      nested: {
        path: field,
        query: dialect.query(passageVector(field), features),
        score_mode: 'max',
        inner_hits: { name, _source: [`${field}.text`] },
      },
    }),
  };
}

/** The field inside a field of {@link keptPassages} that a vector query asks. */
export function passageVector(field: string): string {
  return `${field}.vector`;
}

/** The passages that a field's value holds; a vector of the whole text is one without words. None where a document has no vector. */
export function passagesIn(value: unknown): readonly (Pick<StoredPassage, 'vector'> & Partial<StoredPassage>)[] {
  const stored = [value].flat().filter((one): one is object => typeof one === 'object' && one !== null);
  return stored.map((one) => (isPassage(one) ? one : { vector: one as StoredVector }));
}

/** A token may be `vector`, but its weight is a number. */
function isPassage(stored: object): stored is StoredPassage {
  return typeof (stored as Partial<StoredPassage>).vector === 'object';
}

/**
 * A vector field's value as an update by parts must send it. Engines merge an object with the one that is there (`XContentHelper.update`),
 * and the old vector's entries would stay; a list replaces what is there, and one of one object is indexed as that object.
 */
export function replacing(stored: JsonObject | readonly JsonObject[]): readonly JsonObject[] {
  return [stored].flat() as readonly JsonObject[];
}

/** The one vector that a document's field holds, an updated one's too; empty where it has none. */
export function vectorIn(value: unknown): StoredVector {
  return passagesIn(value)[0]?.vector ?? {};
}

/** What needs one vector for each document, and an index that keeps several. */
export class PassagesKept extends Fault {
  readonly code = 'PASSAGES_KEPT';
  constructor(
    asked: string,
    readonly field: string,
  ) {
    super({
      asked,
      found: `field ${field} keeps passages, each with a vector of its own`,
      remedy: 'Reindex with --passages and without --keep-passages: one vector for each document, the maximum',
    });
  }
}

/** @throws {PassagesKept} where documents may have several vectors in a field of this dialect. */
export function mustHoldOneVector(asked: string, field: string, dialect: Pick<Dialect, 'field'>): void {
  if (dialect.field.type === 'nested') throw new PassagesKept(asked, field);
}

/** How the field is mapped, where it is a {@link keptPassages}' one: that of the vectors inside it. */
export function mappingOfPassages(mapping: JsonObject): JsonObject | undefined {
  return mapping.type === 'nested' ? (mapping.properties as { vector?: JsonObject } | undefined)?.vector : undefined;
}
