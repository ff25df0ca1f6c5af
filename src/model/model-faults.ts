import { Fault, type FaultKind, messageOf } from '../fault/fault.js';

/** A model name or id that is neither a folder here nor a model that could be fetched. */
export class ModelNotFound extends Fault {
  readonly code = 'MODEL_NOT_FOUND';
  constructor(
    readonly model: string,
    found: string,
    remedy = 'Run `termweave model list` for the named models, or give a hub id (owner/name) or the path of a folder with config.json, model.safetensors and tokenizer.json',
  ) {
    super({ asked: `model ${JSON.stringify(model)}`, found, remedy });
  }
}

/** A source of models could not be reached or answered with an error. */
export class ModelSourceFailed extends Fault {
  readonly code = 'MODEL_SOURCE_FAILED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly model: string,
    readonly source: string,
    thrown: unknown,
    remedy: string,
  ) {
    super({ asked: `fetch model ${model} from ${source}`, found: messageOf(thrown), remedy, cause: thrown });
  }
}

/** A file that a model needs is not in its folder. */
export class ModelFileMissing extends Fault {
  readonly code = 'MODEL_FILE_MISSING';
  constructor(
    readonly file: string,
    readonly needed: string,
    remedy = 'Copy the file from where the model came from, or fetch the model again with `termweave model pull`',
  ) {
    super({ asked: `read ${file}`, found: `no such file; it holds the ${needed}`, remedy });
  }
}

/** A file of a model does not hold what its name promises. Such a file is never loaded. */
export class ModelFileBroken extends Fault {
  readonly code = 'MODEL_FILE_BROKEN';
  constructor(
    readonly file: string,
    found: string,
    remedy = 'Delete the file and fetch the model again with `termweave model pull`',
  ) {
    super({ asked: `read ${file}`, found, remedy });
  }
}

/** A model of a kind that the compiler does not know. */
export class ModelUnsupported extends Fault {
  readonly code = 'MODEL_UNSUPPORTED';
  constructor(
    readonly model: string,
    found: string,
    remedy: string,
  ) {
    super({ asked: `compile model ${model}`, found, remedy });
  }
}
