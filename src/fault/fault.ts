/**
 * Whose move it is: `input` the caller's words or data, `environment` something outside that is missing or broken. `negative`: all was done that was
 * to be done, and the answer is no.
 */
export type FaultKind = 'input' | 'environment' | 'negative';

/** The three parts of every message: what was asked, what was found, what to do about it. */
export interface FaultParts {
  readonly asked: string;
  readonly found: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * The base of every error that termweave throws on purpose. Subclasses add a stable `code` (part of the public interface:
 * it does not change within a major version) and the facts of the case as fields.
 */
export abstract class Fault extends Error {
  abstract readonly code: string;
  readonly kind: FaultKind = 'input';
  readonly asked: string;
  readonly found: string;
  readonly remedy: string;

  constructor({ asked, found, remedy, cause }: FaultParts) {
    super(`${asked}: ${found}. ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.asked = asked;
    this.found = found;
    this.remedy = remedy;
  }
}

/** The message of anything that was thrown, in one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
