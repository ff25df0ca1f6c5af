import { Fault, type FaultKind } from '../../fault/fault.js';

/** The destination is there, and is not the copy of this source that termweave made. */
export class NotTheCopy extends Fault {
  readonly code = 'NOT_THE_COPY';
  constructor(
    readonly index: string,
    readonly source: string,
    readonly copyOf: string | undefined,
  ) {
    super({
      asked: `copy ${source} into ${index}`,
      found: copyOf ? `it is a copy of ${copyOf}` : 'it is there, and was not made by `termweave reindex`',
      remedy: 'Choose another name for the copy; termweave writes to no index that it did not make',
    });
  }
}

/** The copy is not what it should be; the alias stays where it is. */
export class CopyNotRight extends Fault {
  readonly code = 'COPY_NOT_RIGHT';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly index: string,
    found: string,
  ) {
    super({
      asked: `verify ${index}`,
      found,
      remedy: 'No alias was moved. Give the same command again to bring what is missing, or see `termweave verify`',
    });
  }
}

/** The copy is right but for documents that failed; the alias stays where it is. */
export class DocumentsFailed extends Fault {
  readonly code = 'DOCUMENTS_FAILED';
  override readonly kind: FaultKind = 'negative';
  /** @param file where the documents are told of with their reasons, if that is known. */
  constructor(
    readonly index: string,
    readonly failed: number,
    readonly file?: string,
  ) {
    super({
      asked: `move an alias to ${index}`,
      found: `${failed} documents failed: see ${file ?? 'the dead letters'}`,
      remedy:
        'Mend them and give the same command again, for those alone with --retry-dead-letters; --allow-failed moves the alias all the same',
    });
  }
}

/** There is no earlier place of the alias to go back to. */
export class NothingToRollBack extends Fault {
  readonly code = 'NOTHING_TO_ROLL_BACK';
  constructor(
    readonly alias: string,
    found: string,
  ) {
    super({
      asked: `move alias ${alias} back`,
      found,
      remedy: 'See GET _alias; move it by POST _aliases where it was moved by other means',
    });
  }
}

/** The name that is to become an alias is an index. */
export class AliasIsIndex extends Fault {
  readonly code = 'ALIAS_IS_INDEX';
  constructor(readonly alias: string) {
    super({
      asked: `move alias ${alias}`,
      found: 'an index of that name',
      remedy:
        'Choose another name: an alias cannot take the place of an index without a moment in which neither is there',
    });
  }
}

/** The alias stands on indices that are neither the source nor copies of it: moving it would hide their documents. */
export class AliasHasOthers extends Fault {
  readonly code = 'ALIAS_HAS_OTHERS';
  constructor(
    readonly alias: string,
    readonly source: string,
    readonly others: readonly string[],
  ) {
    super({
      asked: `move alias ${alias} from ${source} to a copy of it`,
      found: `it stands on ${others.join(', ')}, too`,
      remedy:
        'Its searches would lose those documents. Leave --alias out and change the alias by POST _aliases, or name another alias',
    });
  }
}

/** An index whose `_source` lacks fields of its documents: what is made from `_source` loses them. */
export class FieldsNotInSource extends Fault {
  readonly code = 'FIELDS_NOT_IN_SOURCE';
  constructor(
    readonly index: string,
    readonly handling: string,
  ) {
    super({
      asked: `make documents with vectors from those of ${index}`,
      found: `its mapping says _source ${handling}: fields that _source lacks would be lost, in a copy and by an update in part`,
      remedy:
        'Index the documents anew from where they come from (`termweave index`), into an index whose _source keeps every field',
    });
  }
}

/** An index with a final pipeline, which no write passes by: finished documents would go through it again. */
export class FinalPipelineRuns extends Fault {
  readonly code = 'FINAL_PIPELINE_RUNS';
  constructor(
    readonly index: string,
    readonly pipeline: string,
  ) {
    super({
      asked: `add vectors to the documents of ${index} in place`,
      found: `its final_pipeline ${pipeline}, through which each of them would go again`,
      remedy: 'Take the setting index.final_pipeline away meanwhile, or make a copy: --to NAME',
    });
  }
}

/** A query that the engine does not take. */
export class QueryRefused extends Fault {
  readonly code = 'QUERY_REFUSED';
  constructor(
    readonly index: string,
    found: string,
    cause: unknown,
  ) {
    super({
      asked: `the documents of ${index} that match --query`,
      found,
      remedy: "Mend the query: it is what stands under `query` in a search of the engine's own",
      cause,
    });
  }
}

/** A field by which no changes can be followed. */
export class FollowFieldUnfit extends Fault {
  readonly code = 'FOLLOW_FIELD_UNFIT';
  constructor(
    readonly index: string,
    readonly field: string,
    found: string,
    cause?: unknown,
  ) {
    super({
      asked: `follow the changes of ${index} by field ${field}`,
      found,
      remedy: 'Name a date or a number that grows with every change, or _seq_no, which needs no field',
      cause,
    });
  }
}
