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

/** A run in other slices is done in part: one that took its place would leave those slices to be brought once more, by nobody. */
export class SlicesDone extends Fault {
  readonly code = 'SLICES_DONE';
  constructor(
    readonly copy: string,
    readonly of: number,
    readonly otherwise: number,
    readonly done: readonly number[],
  ) {
    const left = Array.from({ length: otherwise }, (_, i) => i + 1).filter((part) => !done.includes(part));
    super({
      asked: `reindex into ${copy} ${inSlices(of)}`,
      found: `a reindex into it ${inSlices(otherwise)}, of which ${listed(done)} ${done.length === 1 ? 'is' : 'are'} done, and ${listed(left)} not`,
      remedy: `Give the rest, as in --slice ${left[0]}/${otherwise}; or --anew to begin ${inSlices(of)}: what the copy has is read again, not encoded`,
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

function listed(parts: readonly number[]): string {
  return `${parts.slice(0, SHOWN).join(', ')}${parts.length > SHOWN ? `, … (${parts.length})` : ''}`;
}

const SHOWN = 8;
