import type { JsonObject } from '../dialect/dialect.js';
import { Fault, type FaultKind } from '../fault/fault.js';
import { HEAVIEST_FIELD, LIGHTEST_FIELD } from '../mapping/field-weight.js';

/** A file, or standard input, that cannot be read to its end. */
export class InputUnreadable extends Fault {
  readonly code = 'INPUT_UNREADABLE';
  constructor(
    readonly file: string,
    found: string,
    remedy: string,
    cause?: unknown,
  ) {
    super({ asked: `read documents from ${file}`, found, remedy, cause });
  }
}

/** The fields that hold id or text are not named, and none of the usual names is there. */
export class FieldsUnknown extends Fault {
  readonly code = 'FIELDS_UNKNOWN';
  constructor(
    readonly role: 'id' | 'text',
    readonly looked: readonly string[],
    readonly fields: readonly string[],
    /** What to do where they are right after all. */
    orElse = '',
  ) {
    const option = role === 'id' ? '--id FIELD, or --make-ids' : '--text FIELD,FIELD';
    super({
      asked: `the ${role === 'id' ? 'field with the id' : 'fields with the text'} of the documents`,
      found: `${looked.length > 0 ? `none of ${looked.join(', ')}` : 'none named'}; the fields there are: ${fields.join(', ') || 'none'}`,
      remedy: `Name ${role === 'id' ? 'it' : 'them'} with ${option}${orElse && `; ${orElse}`}`,
    });
  }
}

/** An item could not be used, and the caller wants none to be left out. */
export class DocumentRefused extends Fault {
  readonly code = 'DOCUMENT_REFUSED';
  constructor(
    readonly id: string | undefined,
    readonly line: number | undefined,
    readonly type: string,
    readonly reason: string,
  ) {
    super({
      asked: `index ${id === undefined ? 'the document' : `document ${id}`}${line === undefined ? '' : ` on line ${line}`}`,
      found: `${type}: ${reason}`,
      remedy: 'Mend it and run again; without --strict such documents go to the dead letters and the rest goes on',
    });
  }
}

/** The engine has not taken a single document for as long as was to be waited. */
export class EngineStaysBusy extends Fault {
  readonly code = 'ENGINE_STAYS_BUSY';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly index: string,
    readonly seconds: number,
    readonly reason: string,
  ) {
    super({
      asked: `write to index ${index}`,
      found: `nothing was taken for ${seconds} s; the last answer: ${reason}`,
      remedy: 'See what holds the engine up (GET _cat/thread_pool/write) and give the same command again',
    });
  }
}

/** The index that a run writes into, or the note of the run, is not there any more. */
export class RunGone extends Fault {
  readonly code = 'RUN_GONE';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly index: string,
    found: string,
  ) {
    super({
      asked: `go on with index ${index}`,
      found: `${found}, since this run began; nothing more is written there`,
      remedy: `See that nobody else works on ${index}, and give the same command again. A copy that is there again without a termweave note in its mapping's _meta, and with no documents but of this run, was made by the engine for a last write: delete it first`,
    });
  }
}

/** An index whose vectors are made otherwise than asked for. */
export class PlanDiffers extends Fault {
  readonly code = 'PLAN_DIFFERS';
  constructor(
    readonly index: string,
    readonly aspect: string,
    readonly stored: string,
    readonly given: string,
  ) {
    super({
      asked: `index into ${index} with ${aspect} ${given}`,
      found: `the index was made with ${aspect} ${stored}`,
      remedy: 'Leave the option out to go on as the index was made, or choose another index',
    });
  }
}

/** Weights of text fields that cannot go into one vector. */
export class FieldWeightsUnfit extends Fault {
  readonly code = 'FIELD_WEIGHTS_UNFIT';
  constructor(
    readonly fields: readonly string[],
    readonly weights: readonly number[],
    found: string,
  ) {
    super({
      asked: `one vector of ${fields.join(', ')} by the weights ${weights.join(', ')}`,
      found,
      remedy: `Give each text field one weight from ${LIGHTEST_FIELD} to ${HEAVIEST_FIELD}, or none of them any`,
    });
  }
}

/** An alias that shows only a part of its index where a whole index is needed. */
export class AliasShowsPart extends Fault {
  readonly code = 'ALIAS_SHOWS_PART';
  constructor(
    readonly alias: string,
    readonly index: string,
    readonly shown: JsonObject,
  ) {
    super({
      asked: `give the documents of ${alias} vectors`,
      found: `an alias that shows only a part of index ${index}: ${JSON.stringify(shown)}`,
      remedy: 'Name the index itself; for that part of it, with the filter as --query when the copy is made',
    });
  }
}
