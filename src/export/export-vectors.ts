import { writeCompanions } from './companion-files.js';
import type { Compression } from './compression.js';
import { DocumentParts } from './document-parts.js';
import { NameNotCarried } from './export-faults.js';
import type { ExportFormat, Side, WriteTarget } from './export-format.js';
import { MANIFEST, saveManifest, takeFolder } from './export-progress.js';
import { integerScoreBound, type Loss, LossMeter, scoreDifferenceBound } from './loss-meter.js';
import type { FileEntry } from './output-file.js';
import type { Quantisation } from './quantisation.js';
import { mustBeWhole, quantise } from './quantise.js';
import type { TokenVector } from './token-vector.js';

/** What made the vectors, where it is known. */
export interface VectorOrigin {
  readonly model?: string;
  /** The vocabulary's fingerprint. */
  readonly vocabulary?: string;
  /** How the weights had been quantised before they came here: their unit is 1 / scale of it. */
  readonly quantisation?: string;
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly folder: string;
  /** The documents, from the beginning; called once. `skip` are to be left out at the front: an earlier try has written them. */
  documents(skip: number): AsyncIterable<TokenVector>;
  queries?(): AsyncIterable<TokenVector>;
  /** Asked at the end, when the sources have been read. */
  origin?(): VectorOrigin;
  /** Names data and settings, so that an interrupted export can go on; `null` for a source whose order may change. */
  readonly stamp: string | null;
  readonly quantisation?: Quantisation;
  readonly compression?: Compression;
  /** Documents in a file, where a format has parts: an interrupted export loses at most so many. Default 25,000. */
  readonly documentsPerPart?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (documents: number) => void;
}

/** What an export has cost, and what it can still promise. */
interface ExportLoss {
  readonly quantisation: string;
  readonly scale: number;
  readonly documents: Loss;
  readonly queries: Loss;
  /** No score of these queries differs by more, in the model's units; `null` without queries. */
  readonly scoreDifferenceBound: number | null;
  /** No integer score is larger; under 2^24 = 16777216 every float32 score is exact. `null` without queries or for fractions. */
  readonly integerScoreBound: number | null;
  /** What a round trip through the format does not bring back. */
  readonly format: readonly string[];
}

/** What `manifest.json` says. */
export interface ExportManifest {
  readonly format: string;
  readonly origin: VectorOrigin;
  readonly documents: number;
  readonly queries: number;
  readonly files: readonly FileEntry[];
  readonly loss: ExportLoss;
}

/**
 * Writes documents and queries in another system's format, in flat memory. Every file appears whole; `manifest.json` appears last. An
 * export that was interrupted goes on after its last whole part where format and source allow it.
 * @throws {OutputTaken} {@link NameNotCarried} {@link QuantisationUnfit}, what the sources throw, or the signal's reason.
 */
export async function exportVectors(request: ExportRequest): Promise<ExportManifest> {
  const { format, folder, quantisation = format.usual, compression = 'none', documentsPerPart = 25_000 } = request;
  const target: WriteTarget = { folder, compression, quantisation };
  const progress = await takeFolder(folder, request.stamp);
  const documentMeter = new LossMeter(quantisation, progress.documents ?? undefined);
  const queryMeter = new LossMeter(quantisation);
  const queries = format.open('queries', target, 0);
  const documents = new DocumentParts(format, target, progress, documentMeter, documentsPerPart);
  const prepared = preparation(format, quantisation);
  try {
    if (request.queries) {
      for await (const query of request.queries()) await queries.write(prepared(query, queryMeter, request.signal));
    }
    for await (const document of request.documents(documentMeter.loss.vectors)) {
      await documents.write(prepared(document, documentMeter, request.signal));
      request.onProgress?.(documentMeter.loss.vectors);
    }
    const files = [...(await documents.finish()), ...(request.queries ? await queries.finish() : [])];
    const losses = { documents: documentMeter.loss, queries: queryMeter.loss };
    files.push(...(await writeCompanions(folder, format.companions({ quantisation, ...losses }))));
    const manifest = manifestOf(request, files, lossOf(format, quantisation, losses));
    await saveManifest(folder, manifest);
    return manifest;
  } catch (thrown) {
    await Promise.all([documents.discard(), queries.discard()]);
    throw thrown;
  }
}

/** The manifest's own name and those of the files it lists. */
export function filesOf(manifest: ExportManifest): string[] {
  return [...manifest.files.map(({ path }) => path), MANIFEST];
}

function preparation(format: ExportFormat, quantisation: Quantisation) {
  return (vector: TokenVector, meter: LossMeter, signal?: AbortSignal): TokenVector => {
    signal?.throwIfAborted();
    const quantised = quantise(vector, quantisation, meter);
    if (format.whole) mustBeWhole(quantised, format.name, quantisation);
    mustCarry(format, vector.id, 'id');
    for (const token of quantised.tokens) mustCarry(format, token, 'token');
    return quantised;
  };
}

function mustCarry(format: ExportFormat, name: string, what: 'token' | 'id'): void {
  const reason = format.refuses(name, what);
  if (reason !== undefined) throw new NameNotCarried(format.name, name, reason);
}

function manifestOf(request: ExportRequest, files: readonly FileEntry[], loss: ExportLoss): ExportManifest {
  return {
    format: request.format.name,
    origin: request.origin?.() ?? {},
    documents: loss.documents.vectors,
    queries: loss.queries.vectors,
    files,
    loss,
  };
}

function lossOf(format: ExportFormat, quantisation: Quantisation, losses: Readonly<Record<Side, Loss>>): ExportLoss {
  const { documents, queries } = losses;
  const asked = queries.vectors > 0;
  return {
    quantisation: quantisation.spec,
    scale: quantisation.scale,
    documents,
    queries,
    scoreDifferenceBound: asked ? scoreDifferenceBound(queries, documents) : null,
    integerScoreBound: asked && format.whole ? integerScoreBound(queries, documents, quantisation) : null,
    format: format.losses,
  };
}
