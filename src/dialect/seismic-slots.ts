import { Fault } from '../fault/fault.js';
import { UnknownToken, type Vocabulary } from '../sparse/vocabulary.js';
import type { FeatureNames } from './feature-names.js';

/** SEISMIC keeps a token's number in a signed short (SparseVector.prepareTokenForShortType): from here on OpenSearch 3.6 fails, and 65,536 apart two are one. */
const SLOTS = 32_768;

/** The slot of each token of a vocabulary, as the name of its feature: a whole number in decimal. */
export type SeismicSlots = FeatureNames;

/** More terms than SEISMIC tells apart. */
export class TooManyTerms extends Fault {
  readonly code = 'TERMS_TOO_MANY';
  constructor(
    readonly terms: number,
    readonly most: number,
  ) {
    super({
      asked: `${terms} terms in a SEISMIC field`,
      found: `room for ${most}: beyond it two terms would be taken for one`,
      remedy: 'Prune the documents, or store them as rank_features (dialect os-neural-sparse)',
    });
  }
}

/**
 * Slots for the tokens of a vocabulary, no two tokens in one. A vocabulary that fits keeps its ids, BERT's 30,522 among them; of a larger one only the
 * terms that documents have get a slot, by rising id, and all other tokens share the one that no document has.
 * @param used ids of the terms that documents have; needed for a vocabulary of more than 32,768 tokens.
 * @throws {TooManyTerms}
 */
export function seismicSlots(vocabulary: Vocabulary, used?: Iterable<number>): SeismicSlots {
  if (vocabulary.size <= SLOTS)
    return namesOf(
      vocabulary,
      (id) => id,
      (slot) => slot,
    );
  const ids = [...new Set(used ?? vocabulary.tokens.keys())].sort((a, b) => a - b);
  const unused = SLOTS - 1;
  if (ids.length > unused) throw new TooManyTerms(ids.length, unused);
  const slots = new Map(ids.map((id, slot) => [id, slot]));
  return namesOf(
    vocabulary,
    (id) => slots.get(id) ?? unused,
    (slot) => ids[slot],
  );
}

function namesOf(
  vocabulary: Vocabulary,
  slotOf: (id: number) => number,
  idOf: (slot: number) => number | undefined,
): SeismicSlots {
  return {
    nameOf: (token) => {
      const id = vocabulary.idOf(token);
      if (id === undefined) throw new UnknownToken(token, vocabulary.fingerprint);
      return String(slotOf(id));
    },
    tokenOf: (name) => vocabulary.tokenOf(idOf(Number(name)) ?? Number.NaN),
  };
}
