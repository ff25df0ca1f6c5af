import { mkdir } from 'node:fs/promises';
import type { VectorWriter, WriteTarget } from '../export-format.js';
import { type FileEntry, OutputFile } from '../output-file.js';
import { SpilledRows } from '../spilled-rows.js';
import type { TokenVector } from '../token-vector.js';
import { docRecord, header, postingsList } from './ciff-messages.js';

export const CIFF_FILE = 'documents.ciff';

/** Inverts documents into postings lists and writes them as one CIFF file. Memory holds the terms, the documents' ids and, while it is written, one postings list. */
export class CiffWriter implements VectorWriter {
  readonly #target: WriteTarget;
  readonly #terms = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #lengths: number[] = [];
  #postings: SpilledRows | undefined;
  #output: OutputFile | undefined;

  constructor(target: WriteTarget) {
    this.#target = target;
  }

  async write({ id, tokens, weights }: TokenVector): Promise<void> {
    const postings = await this.#open();
    await postings.reserve(tokens.length);
    let length = 0;
    for (let i = 0; i < tokens.length; i++) {
      postings.add(this.#numberOf(tokens[i]!), this.#ids.length, weights[i]!);
      length += weights[i]!;
    }
    this.#ids.push(id);
    this.#lengths.push(length);
  }

  async finish(): Promise<FileEntry[]> {
    await this.#open();
    this.#output = await OutputFile.create(this.#target.folder, CIFF_FILE, this.#target.compression);
    await this.#output.write(this.#header());
    // CIFF wants the terms in order; a comparison of UTF-8 bytes is one of code points.
    const terms = [...this.#terms].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const [term, number] of terms) await this.#output.write(await this.#postingsOf(term, number));
    for (const docid of this.#ids.keys()) await this.#output.write(this.#document(docid));
    const entry = await this.#output.finish();
    await this.#postings![Symbol.asyncDispose]();
    return [entry];
  }

  async discard(): Promise<void> {
    await this.#output?.discard();
    await this.#postings?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<SpilledRows> {
    if (this.#postings === undefined) await mkdir(this.#target.folder, { recursive: true });
    this.#postings ??= new SpilledRows(this.#target.folder);
    return this.#postings;
  }

  #numberOf(token: string): number {
    const known = this.#terms.get(token);
    if (known !== undefined) return known;
    this.#terms.set(token, this.#terms.size);
    return this.#terms.size - 1;
  }

  #header(): Uint8Array {
    const total = this.#lengths.reduce((sum, length) => sum + length, 0);
    return header.encodeDelimited({
      version: 1,
      numPostingsLists: this.#terms.size,
      numDocs: this.#ids.length,
      totalPostingsLists: this.#terms.size,
      totalDocs: this.#ids.length,
      totalTermsInCollection: total,
      averageDoclength: this.#ids.length > 0 ? total / this.#ids.length : 0,
      description: `termweave impacts, ${this.#target.quantisation.spec}`,
    });
  }

  async #postingsOf(term: string, number: number): Promise<Uint8Array> {
    const { columns, values } = await this.#postings!.row(number);
    const postings = new Array<{ docid: number; tf: number }>(columns.length);
    let cf = 0;
    for (let i = 0; i < columns.length; i++) {
      postings[i] = { docid: i === 0 ? columns[0]! : columns[i]! - columns[i - 1]!, tf: values[i]! };
      cf += values[i]!;
    }
    return postingsList.encodeDelimited({ term, df: columns.length, cf, postings });
  }

  #document(docid: number): Uint8Array {
    return docRecord.encodeDelimited({
      docid,
      collectionDocid: this.#ids[docid]!,
      doclength: this.#lengths[docid]!,
    });
  }
}
