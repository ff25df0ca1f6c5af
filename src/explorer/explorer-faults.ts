import { Fault } from '../fault/fault.js';

/** What the page is told of a failure. */
export function shownFault({ asked, found, remedy, code }: Pick<Fault, 'asked' | 'found' | 'remedy' | 'code'>) {
  return { asked, found, remedy, code };
}

/** A request that the explorer does not answer. */
export class RequestRejected extends Fault {
  readonly code = 'EXPLORER_REQUEST_REJECTED';
  constructor(
    readonly status: number,
    asked: string,
    found: string,
    remedy = 'Open the page at the address that `termweave explore` printed',
  ) {
    super({ asked, found, remedy });
  }
}

/** Something that needs an index, in an explorer that was started without one. */
export class NoIndexOpen extends Fault {
  readonly code = 'EXPLORER_WITHOUT_INDEX';
  constructor() {
    super({
      asked: 'search an index',
      found: 'the explorer was started without one',
      remedy: 'Start it as `termweave explore INDEX --url URL`',
    });
  }
}
