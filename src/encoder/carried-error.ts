import { messageOf } from '../fault/fault.js';
import { ModelFileBroken, ModelFileMissing, ModelUnsupported } from '../model/model-faults.js';

/** An error on its way to another thread, where its class and its own fields (a `Fault`'s parts, a system error's code) would be lost. */
export interface CarriedError {
  readonly error: Error;
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What compiling throws. */
const FAULTS = [ModelFileMissing, ModelFileBroken, ModelUnsupported];

/** For the thread that throws: what can be posted of something thrown. */
export function carried(thrown: unknown): CarriedError {
  const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  return { error, name: error.name, fields: { ...error } };
}

/** For the thread that asked: the same error, of its class if that is a fault of compiling, with all of its fields. */
export function uncarried({ error, name, fields }: CarriedError): Error {
  const fault = FAULTS.find((known) => known.name === name);
  if (fault) Object.setPrototypeOf(error, fault.prototype);
  return Object.assign(error, fields);
}
