import { Fault } from '../fault/fault.js';

/** An option that cannot be used as it stands. */
export class InvalidOption extends Fault {
  readonly code = 'OPTION_INVALID';
}
