import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Fault } from '../fault/fault.js';

/** Two vectors, or a vector and an index, were made with different vocabularies: their ids mean different things. */
export class VocabularyMismatch extends Fault {
  readonly code = 'VOCABULARY_MISMATCH';
  constructor(
    readonly expected: string,
    readonly actual: string,
  ) {
    super({
      asked: `combine vectors of vocabulary ${expected}`,
      found: `a vector of vocabulary ${actual}`,
      remedy: 'Encode queries and documents with the same model, or reindex with the model in use',
    });
  }
}

/** A token that the vocabulary does not have. */
export class UnknownToken extends Fault {
  readonly code = 'TOKEN_UNKNOWN';
  constructor(
    readonly token: string,
    readonly fingerprint: string,
  ) {
    super({
      asked: `token ${JSON.stringify(token)}`,
      found: `no such token in vocabulary ${fingerprint}`,
      remedy: 'Check that the vector was made with this vocabulary',
    });
  }
}

/**
 * The token strings of a model, by id: the dimensions of its vectors. Ids run from 0 to `size - 1`. Where a token string
 * stands twice (some published vocabularies repeat one), `idOf` answers the lowest id.
 */
export class Vocabulary {
  readonly tokens: readonly string[];
  #ids: Map<string, number> | undefined;
  #fingerprint: string | undefined;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  get size(): number {
    return this.tokens.length;
  }

  /** 16 hexadecimal digits of the SHA-256 over the tokens in order: equal exactly when ids mean the same tokens. */
  get fingerprint(): string {
    this.#fingerprint ??= bytesToHex(sha256(utf8ToBytes(JSON.stringify(this.tokens)))).slice(0, 16);
    return this.#fingerprint;
  }

  /** The id of a token, or `undefined`. */
  idOf(token: string): number | undefined {
    this.#ids ??= indexTokens(this.tokens);
    return this.#ids.get(token);
  }

  /** The token of an id. @throws {RangeError} for an id outside the vocabulary. */
  tokenOf(id: number): string {
    const token = this.tokens[id];
    if (token === undefined) throw new RangeError(`id ${id} is outside the vocabulary of ${this.size} tokens`);
    return token;
  }

  /** @throws {VocabularyMismatch} unless `other` has the same tokens in the same order. */
  mustEqual(other: Vocabulary): void {
    if (other !== this && other.fingerprint !== this.fingerprint) {
      throw new VocabularyMismatch(this.fingerprint, other.fingerprint);
    }
  }
}

function indexTokens(tokens: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>();
  for (let id = tokens.length - 1; id >= 0; id--) ids.set(tokens[id]!, id);
  return ids;
}
