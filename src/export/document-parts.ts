import { join } from 'node:path';
import type { ExportFormat, VectorWriter, WriteTarget } from './export-format.js';
import { KEPT_PARTS, type Progress, saveProgress } from './export-progress.js';
import type { LossMeter } from './loss-meter.js';
import type { FileEntry } from './output-file.js';
import { readEveryRow } from './read-vectors.js';
import { parseTermsLine, termsParts } from './terms/terms-format.js';
import type { TokenVector } from './token-vector.js';

export interface DocumentPartsOptions {
  readonly format: ExportFormat;
  readonly target: WriteTarget;
  readonly progress: Progress;
  readonly meter: LossMeter;
  readonly documentsPerPart: number;
}

/**
 * The documents' side of an export: one whole part after the other, progress saved after each. Where a format has no parts, they are our own
 * ({@link KEPT_PARTS}), and its files are made of them at the end: what the encoder or the engine has given is not asked of it again.
 */
export class DocumentParts {
  readonly #options: DocumentPartsOptions;
  readonly #parted: Pick<ExportFormat, 'open'>;
  #progress: Progress;
  #writer: VectorWriter | undefined;
  #whole: VectorWriter | undefined;
  #written = 0;
  #read: number;

  constructor(options: DocumentPartsOptions) {
    this.#options = options;
    this.#parted = options.format.parted ? options.format : termsParts(KEPT_PARTS);
    this.#progress = options.progress;
    this.#read = options.progress.read;
  }

  /** @param vector the one that the meter saw last; @param read how many items of the source are settled with it. */
  async write(vector: TokenVector, read: number): Promise<void> {
    this.#writer ??= this.#open();
    await this.#writer.write(vector);
    this.#read = read;
    this.#written++;
    if (this.#written === this.#options.documentsPerPart) await this.#close();
  }

  /** @returns the documents' files, those of earlier tries included. */
  async finish(): Promise<FileEntry[]> {
    if (this.#progress.parts.length === 0) this.#writer ??= this.#open();
    if (this.#writer) await this.#close();
    return this.#options.format.parted ? [...this.#progress.parts] : this.#assemble();
  }

  async discard(): Promise<void> {
    await this.#writer?.discard();
    await this.#whole?.discard();
  }

  #open(): VectorWriter {
    const { folder, quantisation, compression } = this.#options.target;
    const target = { folder, quantisation, compression: this.#options.format.parted ? compression : 'none' } as const;
    this.#written = 0;
    return this.#parted.open('documents', target, this.#progress.parts.length);
  }

  async #close(): Promise<void> {
    const { target, meter } = this.#options;
    const parts = [...this.#progress.parts, ...(await this.#writer!.finish())];
    this.#writer = undefined;
    this.#progress = { ...this.#progress, parts, documents: meter.loss, read: this.#read };
    await saveProgress(target.folder, this.#progress);
  }

  async #assemble(): Promise<FileEntry[]> {
    const { format, target } = this.#options;
    this.#whole = format.open('documents', target, 0);
    for (const { path } of this.#progress.parts) {
      for await (const vector of readEveryRow(join(target.folder, path), parseTermsLine))
        await this.#whole.write(vector);
    }
    return this.#whole.finish();
  }
}
