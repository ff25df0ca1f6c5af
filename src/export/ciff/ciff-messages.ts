import protobuf from 'protobufjs';

/**
 * The Common Index File Format (osirrc/ciff): a header, then the postings lists in order of their terms, then the documents, each
 * message behind its length. Document numbers in a postings list are gaps.
 */
const PROTO = `
syntax = "proto3";
package io.osirrc.ciff;
message Header {
  int32 version = 1;
  int32 num_postings_lists = 2;
  int32 num_docs = 3;
  int32 total_postings_lists = 4;
  int32 total_docs = 5;
  int64 total_terms_in_collection = 6;
  double average_doclength = 7;
  string description = 8;
}
message Posting { int32 docid = 1; int32 tf = 2; }
message PostingsList { string term = 1; int64 df = 2; int64 cf = 3; repeated Posting postings = 4; }
message DocRecord { int32 docid = 1; string collection_docid = 2; int32 doclength = 3; }
`;

export interface CiffHeader {
  readonly version: number;
  readonly numPostingsLists: number;
  readonly numDocs: number;
  readonly totalPostingsLists: number;
  readonly totalDocs: number;
  readonly totalTermsInCollection: number;
  readonly averageDoclength: number;
  readonly description: string;
}

export interface CiffPostingsList {
  readonly term: string;
  readonly df: number;
  readonly cf: number;
  readonly postings: readonly { readonly docid: number; readonly tf: number }[];
}

export interface CiffDocument {
  readonly docid: number;
  readonly collectionDocid: string;
  readonly doclength: number;
}

/** Of a message that is read field by field: those that its bytes have in full. */
export interface CiffListPart {
  /** Of those fields, in bytes. */
  readonly length: number;
  readonly term?: string;
  readonly postings: CiffPostingsList['postings'];
}

const { root } = protobuf.parse(PROTO);

export const header = message<CiffHeader>('Header');
export const postingsList = message<CiffPostingsList>('PostingsList');
export const docRecord = message<CiffDocument>('DocRecord');

const LISTS = root.lookupType('io.osirrc.ciff.PostingsList').fields;
const POSTING = root.lookupType('io.osirrc.ciff.Posting');
const WIRE_TYPE_BITS = 3;

/**
 * The fields that stand at the beginning of some bytes of a postings list, as many as are whole.
 * @param isRest whether these are the last bytes of the list, so that all must be.
 * @throws what protobufjs throws for bytes that are no fields.
 */
export function wholeFieldsOf(bytes: Uint8Array, isRest: boolean): CiffListPart {
  const reader = protobuf.Reader.create(bytes);
  const postings: { docid: number; tf: number }[] = [];
  let [length, term] = [0, undefined as string | undefined];
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const field = tag >>> WIRE_TYPE_BITS;
      if (field === LISTS.term!.id) term = reader.string();
      else if (field === LISTS.postings!.id) {
        const { docid, tf } = POSTING.decode(reader, reader.uint32()) as unknown as { docid: number; tf: number };
        postings.push({ docid, tf });
      } else reader.skipType(tag & ((1 << WIRE_TYPE_BITS) - 1));
      length = reader.pos;
    }
  } catch (thrown) {
    // What it says of a field that goes on beyond the bytes.
    if (isRest || !(thrown instanceof RangeError)) throw thrown;
  }
  return { length, term, postings };
}

/** Encodes behind the length; decodes without it. */
function message<T extends object>(name: string) {
  const type = root.lookupType(`io.osirrc.ciff.${name}`);
  return {
    encodeDelimited: (value: T): Uint8Array => type.encodeDelimited(value).finish(),
    decode: (bytes: Uint8Array): T => type.toObject(type.decode(bytes), { longs: Number, defaults: true }) as T,
  };
}
