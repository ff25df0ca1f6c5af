import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { JsonObject } from '../dialect/dialect.js';
import { parseExactJson } from '../dialect/exact-number.js';
import type { TranslationReport } from '../query/translation/translation-report.js';
import { type AskingOptions, askingOf, strategyOf, withAskingOptions } from './asking-options.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { jsonDiff } from './json-diff.js';
import { print, printJson, say } from './output.js';
import { standardInput } from './standard-input.js';

const EXAMPLES = `
Examples:
  $ echo '{"query":{"match":{"text":"how does a fox hunt"}}}' | termweave translate --index books
  $ termweave translate --index books --strategy rescore --report < body.json > translated.json
  $ termweave translate --index books --prune "topK(24)" < body.json
  $ termweave translate --index books --diff < body.json`;

interface TranslateCommandOptions extends Omit<IndexAndEncoderOptions, 'field'>, AskingOptions {
  readonly index: string;
  readonly strategy: string;
  readonly report?: boolean;
  readonly diff?: boolean;
}

/** `termweave translate --index NAME < body.json`: the body, asked by SPLADE. */
export function addTranslate(program: Command): void {
  const command = program
    .command('translate')
    .description(
      'a lexical search body from stdin, asked by SPLADE: docs/translation.md says what becomes of each query',
    )
    .requiredOption('--index <NAME>', 'the index, with its plan in _meta.termweave')
    .option('--strategy <S>', 'replace, add, add(WEIGHT), rescore, rescore(WINDOW) or hybrid', 'replace')
    .option('--report', 'what was translated, left and refused, as JSON on stderr')
    .option('--diff', 'show the change, line by line, instead of the body');
  withAskingOptions(command, '--strategy');
  withIndexAndEncoderOptions(command, { field: false }).addHelpText('after', EXAMPLES).action(translateCommand);
}

async function translateCommand(options: TranslateCommandOptions): Promise<void> {
  const { parseStrategy } = await import('../query/strategies/parse-strategy.js');
  const { textsIn, translate } = await import('../query/translation/translate.js');
  const { fusionOf } = await import('../engine/fusion-of.js');
  const body = parseBody(await text(standardInput()));
  parseStrategy(options.strategy);
  const { pruning, ...asking } = await askingOf(options);
  const written = strategyOf(asking) ?? options.strategy;
  await using opened = await openIndexAndEncoder(options.index, options);
  const { engine, plan, dialect, description } = opened.index;
  const joinedBy = written === 'hybrid' ? await fusionOf(engine, description, interruption) : undefined;
  const strategy = parseStrategy(written, joinedBy, asking);
  const texts = textsIn(body, { plan });
  const encoded = await opened.encoder.encode(texts, { as: 'query', signal: interruption });
  const vectors = new Map(texts.map((one, i) => [one, encoded[i]!.vector]));
  const translation = translate(body, { plan, dialect, strategy, pruning }, vectors);
  if (options.report) say(JSON.stringify(translation.report));
  else sayWhatWasNot(translation.report);
  if (options.diff) print(jsonDiff(body as JsonObject, translation.body));
  else printJson(translation.body);
}

function sayWhatWasNot({ translated, left, refused }: TranslationReport): void {
  for (const { path, reason } of refused) say(`refused  ${path}: ${reason}`);
  if (translated.length === 0) for (const { path, reason } of left) say(`left  ${path}: ${reason}`);
}

function parseBody(written: string): unknown {
  try {
    return parseExactJson(written, 'as written');
  } catch (cause) {
    throw new InvalidOption({
      asked: 'a search body on stdin',
      found: written.trim() === '' ? 'nothing' : `no JSON: ${(cause as Error).message.slice(0, 200)}`,
      remedy: 'Pipe the body of a search: {"query":{...}}',
      cause,
    });
  }
}
