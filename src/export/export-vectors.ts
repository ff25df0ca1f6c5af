import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deliver } from '../ingest/pipeline.js';
import type { Refusal } from '../ingest/source.js';
import type { ModelStamp } from '../mapping/vector-plan.js';
import { writeCompanions } from './companion-files.js';
import type { Compression } from './compression.js';
import { DocumentParts } from './document-parts.js';
import { BrokenLine } from './export-faults.js';
import type { ExportFormat, VectorWriter, WriteTarget } from './export-format.js';
import { type ExportLoss, lossOf } from './export-loss.js';
import { type ExportStamp, MANIFEST, type Progress, saveManifest, takeFolder } from './export-progress.js';
import { type CountedVector, ExportSink } from './export-sink.js';
import { LossMeter } from './loss-meter.js';
import type { FileEntry } from './output-file.js';
import type { Quantisation } from './quantisation.js';
import type { TokenVector } from './token-vector.js';
import type { VectorItem, VectorSource } from './vector-source.js';

/** What made the vectors, where it is known. */
export interface VectorOrigin {
  readonly model?: ModelStamp;
  /** Of texts that were pruned on their way, as `parsePruning` reads it. */
  readonly pruning?: string;
  /** The vocabulary's fingerprint. */
  readonly vocabulary?: string;
  /** How the weights had been quantised before they came here: their unit is 1 / scale of it. */
  readonly quantisation?: string;
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly folder: string;
  readonly documents: VectorSource;
  readonly queries?: VectorSource;
  /** Asked at the end, when the sources have been read. */
  origin?(): VectorOrigin;
  /** Names data and settings, so that an interrupted export can go on; without it, it starts over. */
  readonly stamp?: ExportStamp;
  readonly quantisation?: Quantisation;
  readonly compression?: Compression;
  /** Documents in a part: an interrupted export loses at most so many. Default 10,000. */
  readonly documentsPerPart?: number;
  readonly signal?: AbortSignal;
  /** Called with each item that cannot be used, which is then left out; without it such an item ends the export. */
  readonly onRefused?: (refusal: Refusal, source: string) => void;
  readonly onProgress?: (documents: number) => void;
}

/** What `manifest.json` says. */
export interface ExportManifest {
  readonly format: string;
  readonly origin: VectorOrigin;
  readonly documents: number;
  readonly queries: number;
  /** Items of the sources that were left out. */
  readonly refused: number;
  readonly files: readonly FileEntry[];
  readonly loss: ExportLoss;
}

const NO_STAMP: ExportStamp = { of: '', state: null };

/**
 * Writes documents and queries in another system's format, in flat memory, by the pipeline that fills indices. Every file appears whole;
 * `manifest.json` appears last. An export that was interrupted, at whatever moment, goes on after its last whole part, to the same bytes.
 * @throws {OutputTaken} {@link BrokenLine} {@link NameNotCarried} {@link QuantisationUnfit}, what the sources throw, or the signal's reason.
 */
export async function exportVectors(request: ExportRequest): Promise<ExportManifest> {
  const { folder, stamp = NO_STAMP } = request;
  const progress = await takeFolder(folder, stamp);
  if (!progress) return JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as ExportManifest;
  const manifest = await write(request, progress);
  await saveManifest(folder, manifest);
  return manifest;
}

/** The manifest's own name and those of the files it lists. */
export function filesOf(manifest: ExportManifest): string[] {
  return [...manifest.files.map(({ path }) => path), MANIFEST];
}

async function write(request: ExportRequest, progress: Progress): Promise<ExportManifest> {
  const { format, folder, quantisation = format.usual, compression = 'none', documentsPerPart = 10_000 } = request;
  const target: WriteTarget = { folder, compression, quantisation };
  const meters = {
    documents: new LossMeter(quantisation, progress.documents ?? undefined),
    queries: new LossMeter(quantisation),
  };
  const queries = format.open('queries', target, 0);
  const documents = new DocumentParts({ format, target, progress, meter: meters.documents, documentsPerPart });
  try {
    const asked = await fill(request, request.queries, meters.queries, queries);
    const read = await fill(request, request.documents, meters.documents, documents, progress.read);
    const files = [...(await documents.finish()), ...(request.queries ? await queries.finish() : [])];
    const losses = { documents: meters.documents.loss, queries: meters.queries.loss };
    files.push(...(await writeCompanions(folder, format.companions({ quantisation, ...losses }))));
    const counts = { documents: losses.documents.vectors, queries: losses.queries.vectors };
    const refused = asked + read - counts.documents - counts.queries;
    const origin = request.origin?.() ?? {};
    return { format: format.name, origin, ...counts, refused, files, loss: lossOf(format, quantisation, losses) };
  } catch (thrown) {
    await Promise.all([documents.discard(), queries.discard()]);
    throw thrown;
  }
}

/** One side through the pipeline. @returns how many items its source has given, those before `skip` included. */
async function fill(
  { format, quantisation = format.usual, onRefused, onProgress, signal }: ExportRequest,
  source: VectorSource | undefined,
  meter: LossMeter,
  to: { write(vector: TokenVector, read: number): Promise<void> } | VectorWriter,
  skip = 0,
): Promise<number> {
  let read = skip;
  if (!source) return read;
  const put = (vector: TokenVector, settled: number) => to.write(vector, settled);
  await using sink = new ExportSink({ format, quantisation, meter, refuse: onRefused !== undefined, put });
  for await (const settled of deliver(counted(source.items({ skip, signal }), skip), sink, { signal })) {
    for (const item of settled) {
      if (item.ok) continue;
      const { line, reason } = item.refusal;
      if (!onRefused) throw new BrokenLine(source.name, line, reason);
      onRefused(item.refusal, source.name);
    }
    read += settled.length;
    onProgress?.(meter.loss.vectors);
  }
  return read;
}

async function* counted(items: AsyncIterable<VectorItem>, before: number) {
  let read = before;
  for await (const item of items) {
    read++;
    yield item.ok ? { ok: true as const, document: { ...item.document, read } satisfies CountedVector } : item;
  }
}
