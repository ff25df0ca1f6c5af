import type { Compression } from './compression.js';
import type { Loss } from './loss-meter.js';
import type { FileEntry } from './output-file.js';
import type { Quantisation } from './quantisation.js';
import type { ReadOptions } from './read-vectors.js';
import type { TokenVector } from './token-vector.js';
import type { VectorItem } from './vector-source.js';

export type Side = 'documents' | 'queries';

/** Where a format writes, and how. */
export interface WriteTarget {
  readonly folder: string;
  readonly compression: Compression;
  readonly quantisation: Quantisation;
}

/** Takes the vectors of one side, one after the other. Awaiting `write` is the back-pressure. */
export interface VectorWriter {
  write(vector: TokenVector): Promise<void>;
  /** Puts the files in place. */
  finish(): Promise<FileEntry[]>;
  /** Leaves no half file behind. */
  discard(): Promise<void>;
}

/** What stands in a manifest and in the files that go with an export. */
export interface ExportSummary {
  readonly quantisation: Quantisation;
  readonly documents: Loss;
  readonly queries: Loss;
}

/** A file of fixed text that the other system needs beside the vectors: a schema, an index body. */
export interface CompanionFile {
  readonly path: string;
  readonly text: string;
}

/**
 * How one other system takes vectors. A format writes impacts under token names; it never changes them. What it cannot carry
 * stands in `losses`, and names that it cannot write are refused.
 */
export interface ExportFormat {
  readonly name: string;
  /** Whether the system stores whole numbers only. */
  readonly whole: boolean;
  /** The quantisation where none is asked for. */
  readonly usual: Quantisation;
  /** What a round trip through this format does not bring back, in words. */
  readonly losses: readonly string[];
  /** Why a token or an id cannot be written, if so. */
  refuses(name: string, what: 'token' | 'id'): string | undefined;
  /** Whether documents may be written in parts. Those of other formats are kept in parts of our own until all are there. */
  readonly parted: boolean;
  /** @param part the number of the part, from 0; always 0 where the format has no parts. */
  open(side: Side, target: WriteTarget, part: number): VectorWriter;
  companions(summary: ExportSummary): readonly CompanionFile[];
  /** The files that {@link read} would read; none where there are none of that side. */
  filesOf(from: string, side: Side): Promise<readonly string[]>;
  /** The vectors of one side of a folder that this format has written, or of a single file of it; weights are impacts. */
  read(from: string, side: Side, options?: ReadOptions): AsyncIterable<VectorItem>;
}
