import type { JsonObject } from '../dialect/dialect.js';
import { Fault } from '../fault/fault.js';

/**
 * Whether documents keep their vectors in `_source`. `keep`: they can be read back, updated in part, copied and verified.
 * `exclude`: `_source` is about half as large, but with `rank_features` the vectors can then never be read back, and an update in
 * part or a copy loses them.
 */
export type VectorsInSource = 'keep' | 'exclude';

/** A pattern of an index's `_source.excludes` that leaves out a vector field beside others. */
export class VectorsExcluded extends Fault {
  readonly code = 'VECTORS_EXCLUDED';
  constructor(
    readonly field: string,
    readonly pattern: string,
  ) {
    super({
      asked: `keep the vector field ${field} in _source, as an index does whose _source.excludes has ${pattern}`,
      found: 'a pattern that leaves the vectors out, and may leave out other fields that are to stay out',
      remedy: 'Name the vector field otherwise, or exclude the vectors, too (--vectors-in-source exclude)',
    });
  }
}

/**
 * What a mapping says under `_source`: that of another index, with the vector fields in it or not.
 * @throws {VectorsExcluded} where they are to be kept and a pattern leaves them out.
 */
export function sourceHandling(
  inherited: JsonObject | undefined,
  handling: VectorsInSource,
  vectorFields: readonly string[],
): JsonObject | undefined {
  const names = vectorFields.flatMap((field) => [field, `${field}.*`]);
  const others = namesIn(inherited?.excludes).filter((name) => !names.includes(name));
  if (handling === 'exclude') return { ...inherited, excludes: [...others, ...vectorFields] };
  for (const field of vectorFields) {
    const pattern = others.find((name) => leavesOut(name, field));
    if (pattern !== undefined) throw new VectorsExcluded(field, pattern);
  }
  const included = namesIn(inherited?.includes);
  return (
    inherited && {
      ...inherited,
      ...(included.length > 0 && { includes: [...new Set([...included, ...vectorFields])] }),
      ...(inherited.excludes !== undefined && { excludes: others }),
    }
  );
}

function namesIn(given: unknown): string[] {
  return [given ?? []].flat() as string[];
}

/** Whether all of a field is left out: by its name, that of an object around it, or all that is below it. */
function leavesOut(pattern: string, field: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const matching = new RegExp(`^${parts.join('.*')}$`, 's');
  const steps = field.split('.');
  const around = steps.map((_, i) => steps.slice(0, i + 1).join('.'));
  // No token is an empty text.
  return [...around, `${field}.`].some((path) => matching.test(path));
}
