import { Fault } from '../fault/fault.js';
import type { Refusal } from '../ingest/source.js';

/** The framework is not installed: each is an optional peer, so that only the one in use need be there. */
export class PeerMissing extends Fault {
  readonly code = 'PEER_MISSING';
  override readonly kind = 'environment';
  constructor(
    readonly subPath: string,
    readonly peer: string,
    cause: unknown,
  ) {
    super({
      asked: `termweave/${subPath}`,
      found: `its peer, ${peer}, is not installed`,
      remedy: `Install it beside termweave: npm install ${peer}`,
      cause,
    });
  }
}

/** Documents that the index did not take; all others of the same call are written. */
export class DocumentsRefused extends Fault {
  readonly code = 'DOCUMENTS_REFUSED';
  constructor(
    readonly index: string,
    readonly refusals: readonly Refusal[],
    asked: number,
  ) {
    const [{ id, reason }] = refusals as [Refusal];
    super({
      asked: `write ${asked} documents to index ${index}`,
      found: `${refusals.length} refused, the first ${JSON.stringify(id)}: ${reason}`,
      remedy: 'Mend those that `refusals` names, and add them again; the others are in the index',
    });
  }
}

/** Metadata under a name that the document's text or its vectors have in the index. */
export class MetadataReserved extends Fault {
  readonly code = 'METADATA_RESERVED';
  constructor(
    readonly index: string,
    readonly id: string,
    readonly key: string,
  ) {
    super({
      asked: `write document ${JSON.stringify(id)} to index ${index} with metadata ${JSON.stringify(key)}`,
      found: 'that field of the index holds the text, or a vector made of it',
      remedy: 'Name the metadata otherwise, or open the store with another `content` or `field`',
    });
  }
}

/** A dense vector asked of an index that has sparse ones. */
export class NoDenseVectors extends Fault {
  readonly code = 'NO_DENSE_VECTORS';
  constructor(asked: string) {
    super({
      asked,
      found: 'an index of sparse vectors, made of texts by its own model',
      remedy: 'Use addDocuments, similaritySearch and similaritySearchWithScore, which take texts',
    });
  }
}
