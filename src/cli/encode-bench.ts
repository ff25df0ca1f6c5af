import type { Encoder } from '../encoder/encoder.js';
import type { DeviceName } from '../model/model-identity.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { type ModelOptions, modelAccess, openEncoder } from './model-options.js';
import { print, printJson, say } from './output.js';

export interface EncodeBenchOptions extends ModelOptions {
  /** The file that the texts are in. */
  readonly bench: string | true;
  readonly json?: boolean;
}

/** What the machine does with a model. */
interface EncodeFigures {
  readonly model: string;
  readonly precision: string;
  readonly device: DeviceName;
  readonly maxTokens: number;
  readonly threads: number;
  readonly documents: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly documentsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly queries: number;
  readonly queryMs: { readonly p50: number; readonly p95: number };
  readonly peakMb: number;
  /** Of the model as published, without the savings of its compiled form; none of a model whose graph came exported. */
  readonly operationsPerToken: number | null;
  /** Floating-point operations a second, in matrix products of the model's widths on the same device and as many threads. */
  readonly gemmPerSecond: number | null;
  /** Operations of the model done in a second as a share of `gemmPerSecond`. */
  readonly shareOfLimit: number | null;
  /** What the last three are not, in words, as a person is told it. */
  readonly caveat: string;
}

const AS_PUBLISHED = 'by the model as published: a screened decoder computes less of it';
const NO_ARITHMETIC = 'an exported graph does not say what its arithmetic is: no share of the limit';

const MOST_DOCUMENTS = 1000;
const MOST_QUERIES = 200;
const WORDS_OF_QUERY = 6;
/** Each for documents and for queries. */
const SECONDS = 5;
const PASSAGES = "sections of this machine's package READMEs";

/** `termweave encode --bench [FILE]`: the machine's own figures. */
export async function benchEncode(options: EncodeBenchOptions): Promise<void> {
  const documents = await documentsOf(options.bench);
  if (documents.length === 0) {
    throw new InvalidOption({
      asked: `texts from ${nameOf(options.bench)}`,
      found: 'none',
      remedy: 'Name a file with texts',
    });
  }
  await using encoder = await openEncoder(options);
  const figures = await measure(encoder, documents, options);
  if (options.json) printJson(figures);
  else tell(figures, nameOf(options.bench));
}

function nameOf(bench: string | true): string {
  return bench === true ? PASSAGES : bench;
}

async function documentsOf(bench: string | true): Promise<string[]> {
  const { source, textFields } = await sourceOf(bench);
  const documents: string[] = [];
  for await (const item of source.items({ signal: interruption })) {
    if (!item.ok) continue;
    const texts = textFields.map((field) => item.document.source[field]).filter((text) => typeof text === 'string');
    documents.push(texts.join(' '));
    if (documents.length === MOST_DOCUMENTS) break;
  }
  return documents;
}

async function sourceOf(bench: string | true) {
  if (bench === true) {
    const { readmeSource } = await import('./demo/readme-source.js');
    return { source: readmeSource(), textFields: ['title', 'text'] };
  }
  const { fileSource } = await import('../ingest/sources/file-source.js');
  const source = await fileSource(bench, { makeIds: true, signal: interruption });
  return { source, textFields: source.usualTextFields() };
}

async function measure(
  encoder: Encoder,
  documents: readonly string[],
  { model, workers, offline }: EncodeBenchOptions,
): Promise<EncodeFigures> {
  const { measureEncoding } = await import('../encoder/measure-encoding.js');
  const { deviceNamed } = await import('../encoder/device/device.js');
  const { percentile } = await import('../evaluate/percentile.js');
  const queries = documents.slice(0, MOST_QUERIES).map((text) => text.split(/\s+/).slice(0, WORDS_OF_QUERY).join(' '));
  const measured = await measureEncoding(encoder, documents, queries, { seconds: SECONDS, signal: interruption });
  const { lengths, seconds, queryMs } = measured;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const { id, precision, maxTokens, device } = encoder.identity;
  const threads = workers ?? deviceNamed(device).workers();
  return {
    ...{ model: id, precision, device, maxTokens, threads, documents: lengths.length, tokens, seconds },
    documentsPerSecond: lengths.length / seconds,
    tokensPerSecond: tokens / seconds,
    queries: queryMs.length,
    queryMs: { p50: percentile(queryMs, 0.5), p95: percentile(queryMs, 0.95) },
    peakMb,
    ...(await limitOf({ model, offline, device, threads, lengths, seconds })),
  };
}

interface Measured {
  readonly model: string;
  readonly offline: boolean | undefined;
  readonly device: DeviceName;
  readonly threads: number;
  readonly lengths: readonly number[];
  readonly seconds: number;
}

async function limitOf({ model, offline, device, threads, lengths, seconds }: Measured) {
  const { operationsOfText, productWidths } = await import('../model/arithmetic.js');
  const { measureGemm } = await import('../encoder/measure-gemm.js');
  const { readCheckpoint } = await import('../model/checkpoint.js');
  const { readLayout } = await import('../model/read-layout.js');
  const { resolveModel } = await import('../model/resolve-model.js');
  const { id, folder } = await resolveModel(model, modelAccess(offline));
  const { network } = await readCheckpoint(id, (await readLayout(id, folder)).folder);
  if (network.kind === 'onnx')
    return { operationsPerToken: null, gemmPerSecond: null, shareOfLimit: null, caveat: NO_ARITHMETIC };
  const gemmPerSecond = await measureGemm(productWidths(network), { device, threads, signal: interruption });
  const operations = lengths.reduce((sum, length) => sum + operationsOfText(network, length), 0);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return {
    operationsPerToken: operations / tokens,
    gemmPerSecond,
    shareOfLimit: operations / seconds / gemmPerSecond,
    caveat: AS_PUBLISHED,
  };
}

function tell(figures: EncodeFigures, texts: string): void {
  const { model, precision, device, threads, maxTokens, documents, tokens, queries, queryMs } = figures;
  const row = (name: string, value: string) => print(`${name.padEnd(16)}${value}`);
  row('model', `${model}, ${precision}, ${device}, ${threads} threads, texts cut at ${maxTokens} tokens`);
  row('texts', `${documents} of ${texts}, ${(tokens / documents).toFixed(0)} tokens each`);
  row('documents/s', figures.documentsPerSecond.toFixed(1));
  row('tokens/s', figures.tokensPerSecond.toFixed(0));
  row(
    'query p50/p95',
    `${queryMs.p50.toFixed(2)} / ${queryMs.p95.toFixed(2)} ms, ${queries} of the texts' first words`,
  );
  row('peak memory', `${figures.peakMb.toFixed(0)} MB`);
  tellLimit(figures);
}

function tellLimit({ operationsPerToken, gemmPerSecond, shareOfLimit, threads, caveat }: EncodeFigures): void {
  if (operationsPerToken === null || gemmPerSecond === null || shareOfLimit === null) {
    say(caveat);
    return;
  }
  const row = (name: string, value: string) => print(`${name.padEnd(16)}${value}`);
  row('the model', `${(operationsPerToken / 1e6).toFixed(2)} million operations a token`);
  row('this machine', `${(gemmPerSecond / 1e9).toFixed(1)} GFLOP/s of matrix products on ${threads} threads`);
  row('share of limit', `${(100 * shareOfLimit).toFixed(0)} %, ${caveat}`);
}
