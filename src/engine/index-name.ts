import { Fault } from '../fault/fault.js';

/** A name that no index, or no alias, can have. */
export class NameUnusable extends Fault {
  readonly code = 'NAME_UNUSABLE';
  constructor(
    readonly named: 'index' | 'alias',
    readonly given: string,
    found: string,
  ) {
    super({
      asked: `${named === 'index' ? 'an index' : 'an alias'} by the name "${given}"`,
      found,
      remedy: 'Give a name in lower case without spaces, commas or * and the like',
    });
  }
}

/**
 * Checks that there is a name at all: a path without one asks the engine for something else.
 * @throws {@link NameUnusable}
 */
export function mustBeNamed(kind: 'index' | 'alias', name: string): void {
  if (name.trim() === '')
    throw new NameUnusable(kind, name, 'no name; a variable of the shell that is not set is an empty one');
}

const MOST_BYTES = 255;
const FORBIDDEN = /[\\/*?"<>|\s,#:]/;

/**
 * Checks that an index or an alias can be made by a name, as both engines do (`MetadataCreateIndexService.validateIndexOrAliasName`; lower case, of
 * indices alone, is `validateIndexName`).
 * @throws {@link NameUnusable}
 */
export function mustBeUsableName(kind: 'index' | 'alias', name: string): void {
  mustBeNamed(kind, name);
  const refuse = (found: string) => new NameUnusable(kind, name, found);
  const [forbidden] = FORBIDDEN.exec(name) ?? [];
  if (forbidden !== undefined) throw refuse(`"${forbidden}", which engines allow in no name`);
  if (/^[-_+]/.test(name) || name === '.' || name === '..') throw refuse('a beginning that engines allow in no name');
  if (new TextEncoder().encode(name).length > MOST_BYTES) throw refuse(`more than ${MOST_BYTES} bytes`);
  if (kind === 'index' && name !== name.toLowerCase())
    throw refuse('capital letters, which engines allow in no name of an index');
}
