import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrokenFile } from './export-faults.js';
import type { CompanionFile, ExportFormat, ExportSummary, Side, VectorWriter, WriteTarget } from './export-format.js';
import { type FileEntry, OutputFile } from './output-file.js';
import type { Quantisation } from './quantisation.js';
import { type ReadOptions, readVectors } from './read-vectors.js';
import type { TokenVector } from './token-vector.js';
import type { VectorItem } from './vector-source.js';

/** A file of one vector a line. */
export interface LineFile {
  /** `queries.tsv`; with a `*` where the number of a part goes: `documents/part-*.jsonl`. */
  readonly path: string;
  line(vector: TokenVector): string;
  /** The inverse of `line`. @throws {Malformed} */
  parse(line: string): TokenVector;
}

/** A format whose every vector is a line of text. */
export interface LineFormatParts {
  readonly name: string;
  readonly whole: boolean;
  readonly usual: Quantisation;
  readonly losses: readonly string[];
  refuses(name: string, what: 'token' | 'id'): string | undefined;
  readonly documents: LineFile;
  /** Queries in each of the forms that the system takes; the first is the one that is read back. */
  readonly queries: readonly LineFile[];
  companions?(summary: ExportSummary): readonly CompanionFile[];
}

/** The {@link ExportFormat} of lines. */
export function lineFormat(parts: LineFormatParts): ExportFormat {
  const linesOf = (side: Side) => (side === 'documents' ? [parts.documents] : parts.queries);
  return {
    ...parts,
    parted: parts.documents.path.includes('*'),
    companions: parts.companions ?? (() => []),
    open: (side, target, part) => new LineWriter(linesOf(side), target, part),
    filesOf: (from, side) => filesUnder(from, linesOf(side)[0]!.path),
    read: (from, side, options) => readBack(linesOf(side)[0]!, from, options),
  };
}

class LineWriter implements VectorWriter {
  readonly #files: readonly LineFile[];
  readonly #target: WriteTarget;
  readonly #part: string;
  #outputs: readonly OutputFile[] | undefined;

  constructor(files: readonly LineFile[], target: WriteTarget, part: number) {
    this.#files = files;
    this.#target = target;
    this.#part = String(part).padStart(5, '0');
  }

  async write(vector: TokenVector): Promise<void> {
    const outputs = await this.#open();
    for (let i = 0; i < outputs.length; i++) await outputs[i]!.write(`${this.#files[i]!.line(vector)}\n`);
  }

  async finish(): Promise<FileEntry[]> {
    const outputs = await this.#open();
    return Promise.all(outputs.map((output) => output.finish()));
  }

  async discard(): Promise<void> {
    for (const output of this.#outputs ?? []) await output.discard();
  }

  async #open(): Promise<readonly OutputFile[]> {
    const { folder, compression } = this.#target;
    this.#outputs ??= await Promise.all(
      this.#files.map(({ path }) => OutputFile.create(folder, path.replace('*', this.#part), compression)),
    );
    return this.#outputs;
  }
}

async function* readBack({ path, parse }: LineFile, from: string, options?: ReadOptions): AsyncGenerator<VectorItem> {
  for (const file of await filesUnder(from, path)) yield* readVectors(file, parse, options);
}

/** The one file of that name in an export's folder, or the file itself; `undefined` where there is none. @throws {BrokenFile} */
export async function findFile(from: string, path: string): Promise<string | undefined> {
  return (await filesUnder(from, path))[0];
}

/** The named file of an export's folder, compressed or not; or the file itself where no folder was named. */
export async function filesUnder(from: string, path: string): Promise<string[]> {
  const stats = await stat(from).catch((cause) => {
    throw new BrokenFile(from, 'no such file or folder', cause);
  });
  if (stats.isFile()) return [from];
  const folder = join(from, dirname(path));
  const pattern = new RegExp(`^${basename(path).replaceAll('.', '\\.').replace('*', '\\d{5,}')}(\\.gz|\\.zst)?$`);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}
