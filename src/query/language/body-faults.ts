import { Fault } from '../../fault/fault.js';

/** A search body, or a part of it, that is not what the query language has there: an engine would refuse it too. */
export class InvalidBody extends Fault {
  readonly code = 'BODY_INVALID';
  constructor(
    readonly path: string,
    expected: string,
    actual: unknown,
  ) {
    super({
      asked: `translate a search body with ${expected} at ${path || 'its top'}`,
      found: kindOf(actual),
      remedy: 'Send a body that the engine accepts: POST it to INDEX/_validate/query to see what it says',
    });
  }
}

/** A body that is nested too deeply, refers to itself, or has too many parts to be a search. */
export class BodyTooLarge extends Fault {
  readonly code = 'BODY_TOO_LARGE';
  constructor(
    readonly path: string,
    found: string,
  ) {
    super({
      asked: 'translate a search body',
      found,
      remedy: 'Send a smaller body; engines refuse such a one as well',
    });
  }
}

/** A text to search for that is longer than any question. */
export class QueryTextTooLong extends Fault {
  readonly code = 'QUERY_TEXT_TOO_LONG';
  constructor(
    readonly path: string,
    readonly length: number,
    readonly limit: number,
  ) {
    super({
      asked: `encode the text at ${path}`,
      found: `${length} characters, more than ${limit}`,
      remedy: 'Models read a few hundred words: cut the text',
    });
  }
}

/** What cannot be translated, and is the engine's to answer. */
export type UnreadBody = InvalidBody | BodyTooLarge | QueryTextTooLong;

export function isUnread(thrown: unknown): thrown is UnreadBody {
  return thrown instanceof InvalidBody || thrown instanceof BodyTooLarge || thrown instanceof QueryTextTooLong;
}

/** A text of the body has no vector among those given. */
export class VectorMissing extends Fault {
  readonly code = 'VECTOR_MISSING';
  constructor(readonly text: string) {
    super({
      asked: `translate the text ${JSON.stringify(text.slice(0, 60))}`,
      found: 'no vector was given for it',
      remedy: 'Encode every text that textsIn(body, options) lists, with the same options',
    });
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object of ${Object.keys(value).length} keys`;
}
