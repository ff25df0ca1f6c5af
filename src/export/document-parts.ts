import type { ExportFormat, VectorWriter, WriteTarget } from './export-format.js';
import { type Progress, saveProgress } from './export-progress.js';
import type { LossMeter } from './loss-meter.js';
import type { FileEntry } from './output-file.js';
import type { TokenVector } from './token-vector.js';

/** The documents' side of an export: one part after the other, progress saved after each; one part in all where a format has none. */
export class DocumentParts {
  readonly #format: ExportFormat;
  readonly #target: WriteTarget;
  readonly #meter: LossMeter;
  readonly #documentsPerPart: number;
  #progress: Progress;
  #writer: VectorWriter | undefined;
  #written = 0;

  constructor(
    format: ExportFormat,
    target: WriteTarget,
    progress: Progress,
    meter: LossMeter,
    documentsPerPart: number,
  ) {
    this.#format = format;
    this.#target = target;
    this.#progress = progress;
    this.#meter = meter;
    this.#documentsPerPart = documentsPerPart;
  }

  /** @param vector the one that the meter saw last. */
  async write(vector: TokenVector): Promise<void> {
    this.#writer ??= this.#open();
    await this.#writer.write(vector);
    this.#written++;
    if (this.#format.parted && this.#written === this.#documentsPerPart) await this.#close();
  }

  /** @returns the files of all parts, those of earlier tries included. */
  async finish(): Promise<FileEntry[]> {
    if (this.#progress.parts.length === 0) this.#writer ??= this.#open();
    if (this.#writer) await this.#close();
    return [...this.#progress.parts];
  }

  async discard(): Promise<void> {
    await this.#writer?.discard();
  }

  #open(): VectorWriter {
    this.#written = 0;
    return this.#format.open('documents', this.#target, this.#progress.parts.length);
  }

  async #close(): Promise<void> {
    const parts = [...this.#progress.parts, ...(await this.#writer!.finish())];
    this.#writer = undefined;
    // Only a part of its own can be gone on from; a format without parts starts again.
    this.#progress = { ...this.#progress, parts, documents: this.#meter.loss };
    if (this.#format.parted) await saveProgress(this.#target.folder, this.#progress);
  }
}
