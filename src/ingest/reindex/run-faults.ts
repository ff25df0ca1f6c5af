import { Fault, type FaultKind } from '../../fault/fault.js';

/** No reindex into an index of this name has left notes. */
export class NoRunOfCopy extends Fault {
  readonly code = 'NO_RUN_OF_COPY';
  constructor(readonly copy: string) {
    super({
      asked: `how far the reindex into ${copy} is`,
      found: 'no slice of it has noted anything in this cluster',
      remedy: 'Give the name that was given as --to, and the same --url',
    });
  }
}

/** Processes are at work on a run that is cut into other slices: one that replaced it would take from them what they have done. */
export class RunUnderWay extends Fault {
  readonly code = 'RUN_UNDER_WAY';
  constructor(
    readonly copy: string,
    readonly of: number,
    readonly otherwise: number,
  ) {
    super({
      asked: `reindex into ${copy} ${inSlices(of)}`,
      found: `a reindex into it ${inSlices(otherwise)} is under way`,
      remedy: `See \`termweave reindex status ${copy}\`; ${otherwise === 1 ? 'leave --slice out' : `give --slice I/${otherwise}`}, or wait for its end: a process that was killed counts for some minutes more`,
    });
  }
}

/** A run in other slices has taken the place of this one, whose processes had not been heard of for a while. */
export class RunReplaced extends Fault {
  readonly code = 'RUN_REPLACED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly copy: string,
    readonly part: number,
    readonly of: number,
  ) {
    super({
      asked: `slice ${part}/${of} of the reindex into ${copy}`,
      found: 'another reindex into it, in other slices, was begun meanwhile',
      remedy: `See \`termweave reindex status ${copy}\` and join that one: all slices of a copy have the same N`,
    });
  }
}

function inSlices(of: number): string {
  return of === 1 ? 'as a whole' : `in ${of} slices`;
}
