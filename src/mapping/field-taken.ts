import type { JsonObject } from '../dialect/dialect.js';
import { Fault } from '../fault/fault.js';
import { mappedField } from './mapped-field.js';

/** Vectors, or what termweave keeps beside them, were to be written to a field that is for something else: that would be lost. */
export class FieldTaken extends Fault {
  readonly code = 'FIELD_TAKEN';
  constructor(
    readonly field: string,
    found: string,
    remedy = 'Name another vector field with --field (library: `field`)',
  ) {
    super({ asked: `write to field ${field} of each document`, found, remedy });
  }
}

/**
 * Checks that fields of an index can become vector fields: its mapping has no such fields, or they are those of its own plan, whose vectors are made anew.
 * @throws {@link FieldTaken}
 */
export function mustBeFree(mappings: JsonObject, vectorFields: readonly string[]): void {
  for (const field of vectorFields) {
    if (isOwnVector(mappings, field)) continue;
    const there = mappedField(mappings, field);
    if (there) throw new FieldTaken(field, `the index has it already, as ${there.type ?? 'object'}`);
  }
}

/** Whether a field is one that the plan of its own index fills with vectors. */
export function isOwnVector({ _meta }: JsonObject, field: string): boolean {
  const { termweave } = (_meta ?? {}) as { termweave?: { vectors?: JsonObject } };
  return Object.hasOwn(termweave?.vectors ?? {}, field);
}

/**
 * Checks that no vector field is a field that texts are read from, or holds one, or is held by one.
 * @throws {@link FieldTaken}
 */
export function mustNotBeText(vectorFields: readonly string[], textFields: readonly string[]): void {
  for (const field of vectorFields) {
    const text = textFields.find((name) => `${name}.`.startsWith(`${field}.`) || field.startsWith(`${name}.`));
    if (text !== undefined) throw new FieldTaken(field, `the text is read from ${text}`);
  }
}
