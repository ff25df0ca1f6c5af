import { type Command, Option } from 'commander';
import pc from 'picocolors';
import type { DeviceChoice } from '../encoder/device/start-on-device.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Engine } from '../engine/engine.js';
import { IndexNotFound } from '../engine/engine-faults.js';
import { messageOf } from '../fault/fault.js';
import type { IngestReport } from '../ingest/ingest-report.js';
import type { Source } from '../ingest/source.js';
import type { EngineName } from '../sandbox/start-sandbox.js';
import { interruption } from './interruption.js';
import { deviceOption, openEncoder } from './model-options.js';
import { conflicts, needs } from './option-rules.js';
import { joinedFieldList } from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, say } from './output.js';

const EXAMPLES = `
Examples:
  $ npm run demo
  $ npm run demo -- --engine elasticsearch
  $ npm run demo -- --explore
  $ termweave demo --engine memory --corpus my.jsonl --text name,body`;

const QUESTIONS = [
  'how do I colour text in the terminal',
  'stop a request that takes too long',
  'make sure the data has the right shape',
];
const TOP_VERIFIED = 50;
const QUERIES_VERIFIED = 50;

interface DemoOptions {
  readonly engine?: EngineName | 'memory';
  readonly corpus?: string;
  readonly text?: string[];
  readonly url?: string;
  readonly explore?: boolean;
  readonly device?: DeviceChoice;
}

/** `termweave demo`: the main job, end to end, on text that is on this machine. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('the main job end to end: engine up, encode, index, search beside BM25, verify')
    .addOption(
      new Option('--engine <NAME>', '(default: opensearch)').choices(['memory', 'opensearch', 'elasticsearch']),
    )
    .option('--url <URL>', 'an engine that is up already')
    .option('--corpus <FILE>', "JSONL or CSV (default: this machine's package READMEs)")
    .option('--text <FIELDS>', 'with --corpus: its text fields, by commas (default: title and text)', joinedFieldList)
    .addOption(deviceOption())
    .option('--explore', 'open the explorer on it at the end, until Ctrl-C')
    .addHelpText('after', EXAMPLES)
    .action(demo);
  conflicts(command, '--url', '--engine');
  needs(command, '--text', '--corpus');
}

async function demo(options: DemoOptions): Promise<void> {
  const { openDemoEngine } = await import('./demo/demo-engine.js');
  heading('1. An engine');
  await using opened = await openDemoEngine(options.engine, options.url);
  const { engine } = opened;
  print(`${engine.version.flavour} ${engine.version.text} at ${engine.url}`);

  heading('2. An encoder');
  await using encoder = await openEncoder({ model: 'splade-tiny', device: options.device });
  print(`${encoder.identity.id}: ${encoder.vocabulary.size} terms, texts cut at ${encoder.identity.maxTokens} tokens`);

  heading('3. Documents into an index');
  const index = `termweave-demo-${Date.now().toString(36)}`;
  try {
    const report = await fill(engine, encoder, index, options);
    const rate = Math.round(report.indexed / report.seconds);
    const terms = Math.round(report.nonZeros / report.indexed);
    print(
      `${report.indexed} passages in ${report.seconds.toFixed(1)} s (${rate}/s), ${terms} terms each; ${report.failed} failed`,
    );
    await ask(engine, encoder, index);
    if (options.explore) await exploreDemo(engine, encoder, index);
  } finally {
    await engine
      .deleteIndex(index)
      .catch(
        (thrown) =>
          thrown instanceof IndexNotFound || say(pc.yellow(`index ${index} was not deleted: ${messageOf(thrown)}`)),
      );
  }
  whereNext();
}

async function fill(engine: Engine, encoder: Encoder, index: string, options: DemoOptions): Promise<IngestReport> {
  const { indexDocuments } = await import('../ingest/index-documents.js');
  const { IngestProgress } = await import('./ingest-progress.js');
  const { source, textFields } = await sourceOf(options);
  using progress = new IngestProgress();
  let last: IngestReport | undefined;
  const indexing = { encoder, textFields, usualTextFields: () => textFields, signal: interruption };
  for await (const report of indexDocuments(engine, index, source, indexing)) {
    progress.show(report, source.progress?.());
    last = report;
  }
  return last!;
}

async function sourceOf({ corpus, text }: DemoOptions): Promise<{ source: Source; textFields: readonly string[] }> {
  if (corpus) {
    const { fileSource } = await import('../ingest/sources/file-source.js');
    const source = await fileSource(corpus, { signal: interruption });
    if (text) await source.mustHaveText(text);
    return { source, textFields: text ?? source.usualTextFields() };
  }
  const { readmeSource } = await import('./demo/readme-source.js');
  return { source: readmeSource(), textFields: ['title', 'text'] };
}

async function ask(engine: Engine, encoder: Encoder, name: string): Promise<void> {
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  const { showBesideBm25 } = await import('./demo/beside-bm25.js');
  const index = await SparseIndex.open(engine, name);
  heading('4. Questions, beside BM25');
  for (const question of QUESTIONS) await showBesideBm25(index, encoder, question);
  heading('5. Are the scores the dot products?');
  await verifyScores(index, encoder);
}

async function verifyScores(index: import('../retrieve/sparse-index.js').SparseIndex, encoder: Encoder): Promise<void> {
  const { textsDrawnFrom, verifyTexts } = await import('../evaluate/verify-texts.js');
  const texts = await textsDrawnFrom(index, QUERIES_VERIFIED, interruption);
  const report = await verifyTexts(index, encoder, texts, { top: TOP_VERIFIED, signal: interruption });
  const { queries, scores, documents, disagreements, maxUlp } = report;
  const agreed = scores === 0 ? pc.red('nothing to compare') : pc.green('yes');
  const verdict = disagreements === 0 ? agreed : pc.red('no');
  print(
    `${verdict}: ${scores} scores of ${queries} queries over ${documents} documents, ${disagreements} disagree, largest difference ${maxUlp} units in the last place`,
  );
  if (disagreements > 0 || scores === 0) process.exitCode = ExitCode.negative;
}

async function exploreDemo(engine: Engine, encoder: Encoder, name: string): Promise<void> {
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  const { DEFAULT_PORT, explore } = await import('./explore.js');
  heading('6. The explorer');
  await explore({ encoder, index: await SparseIndex.open(engine, name) }, { port: DEFAULT_PORT });
}

function whereNext(): void {
  heading('Where to look next');
  print('termweave sandbox up opensearch          an engine that stays, and its URL');
  print('termweave index FILE --index NAME        your own documents (JSONL, CSV)');
  print('termweave search NAME "a question"       what it finds, and why');
  print('termweave verify NAME                    proof, with an exit code for CI');
  print('termweave explore NAME                   the same in the browser, term by term');
  print("termweave model list                     better models than the demo's");
}

function heading(text: string): void {
  print(`\n${pc.bold(pc.cyan(text))}`);
  say('');
}
