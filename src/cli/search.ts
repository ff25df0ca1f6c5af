import type { Command } from 'commander';
import pc from 'picocolors';
import type { SparseAnswer } from '../retrieve/sparse-index.js';
import type { Certificate } from '../retrieve/two-phase/certificate.js';
import type { Pruning } from '../sparse/pruning.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { needs } from './option-rules.js';
import { naturalNumber, pruneOption } from './option-values.js';
import { print, printJson, say, tableOf } from './output.js';

const EXAMPLES = `
Examples:
  $ termweave search books "how does a fox hunt"
  $ termweave search books "how does a fox hunt" --size 3 --json | jq '.hits[0].terms'
  $ termweave search books "fox" --two-phase
  $ termweave search books "fox" --filter '{"term":{"language":"en"}}'`;

interface SearchOptions extends IndexAndEncoderOptions {
  readonly size: number;
  readonly filter?: string;
  readonly prune: Pruning;
  readonly twoPhase?: boolean;
  readonly oneRequest?: boolean;
  readonly json?: boolean;
}

/** `termweave search INDEX TEXT`: the best documents, with the terms that made their scores. */
export function addSearch(program: Command): void {
  const command = program
    .command('search <index> <text>')
    .description('ask an index with a text; show scores and the terms that made them')
    .option('--size <N>', 'how many documents', naturalNumber, 10)
    .option('--filter <JSON>', "a query of the engine's own that documents must pass")
    .addOption(pruneOption("of the query's terms, as in topK(24) or ratioOfMax(0.3)"))
    .option(
      '--two-phase',
      'heavy terms find, all terms score; say by what proof the answer is exact (see `termweave ceilings`)',
    )
    .option('--one-request', 'with --two-phase: answer what the heavy terms found, also where that is not proved exact')
    .option('--json', 'one JSON value: {"hits":[{"id","score","terms":{token: product}}]}');
  needs(command, '--one-request', '--two-phase');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(search);
}

async function search(name: string, text: string, options: SearchOptions): Promise<void> {
  const { jsonObject } = await import('./option-values.js');
  const filter = options.filter === undefined ? undefined : jsonObject(options.filter, '--filter');
  mustSay(text);
  await using opened = await openIndexAndEncoder(name, options);
  const [encoded] = await opened.encoder.encode([text], { as: 'query', signal: interruption });
  const { size, oneRequest } = options;
  const twoPhase = options.twoPhase && { unproved: oneRequest ? ('approximate' as const) : ('full' as const) };
  const answer = await opened.index.search(options.prune.prune(encoded!.vector), {
    size,
    filter,
    twoPhase,
    signal: interruption,
  });
  for (const { token, weight } of answer.dropped) say(pc.yellow(`left out of the query: ${token} (${weight})`));
  if (answer.vectorsHidden) say(pc.yellow('terms cannot be told: _source excludes the vectors'));
  if (options.json) printJson(asJson(answer));
  else print(asTable(answer));
  if (answer.certificate && !options.json) say(asSentence(answer.certificate));
}

/** A model has terms for no text, too: they would find documents by chance. @throws {InvalidOption} */
function mustSay(text: string): void {
  if (text.trim() !== '') return;
  throw new InvalidOption({ asked: 'a search', found: 'a text of nothing', remedy: 'Write what is looked for' });
}

const DOUBTS = {
  'no-ceilings': 'the index has no table of ceilings: build one with `termweave ceilings`',
  'ceilings-outdated':
    'the index was written to after its ceilings were built: build them again with `termweave ceilings`',
  'ceilings-unreadable': 'the table of ceilings, in termweave-ceilings, cannot be read',
  'writes-unknown': 'the engine does not say whether anything was written: that takes the right to read _stats',
  'copies-lag': 'its copies are replicated by segments, and may be behind the table',
  'no-gain': 'too many of them are heavy for two phases to be quicker',
  'bound-too-high': 'what the heavy terms left out could reach the page',
};

function asSentence({ exact, proof, doubt, lastScore, bound, requests, window }: Certificate): string {
  if (proof === 'all-terms') return `exact: all terms were asked${doubt ? `, for ${DOUBTS[doubt]}` : ''}`;
  const known = `last score ${lastScore?.toFixed(4) ?? 'none'}, bound ${bound.toFixed(4)}, window ${window}, ${requests} request`;
  return exact ? `exact: ${known}` : `not known to be exact: ${DOUBTS[doubt!]} (${known})`;
}

function asJson({ hits, vectorsHidden, tookMs, dropped, certificate }: SparseAnswer): unknown {
  return {
    hits: hits.map(({ id, score, passage, terms, source }) => ({
      id,
      score,
      passage,
      terms: Object.fromEntries(terms.map(({ token, product }) => [token, product])),
      source,
    })),
    dropped: dropped.map(({ token }) => token),
    ...(vectorsHidden && { note: 'terms cannot be told: _source excludes the vectors' }),
    tookMs,
    certificate,
  };
}

const TERMS_SHOWN = 6;
const TITLE_WIDTH = 60;

function asTable({ hits }: SparseAnswer): string {
  if (hits.length === 0) return 'no document shares a term with the query';
  const rows = hits.map(({ id, score, passage, terms, source }, i) => {
    const shown = terms.slice(0, TERMS_SHOWN).map(({ token, product }) => `${token} ${product.toFixed(2)}`);
    return [
      i + 1,
      score.toFixed(4),
      id,
      passage === undefined ? titleOf(source) : shortened(passage),
      shown.join(', '),
    ];
  });
  return tableOf(['', 'score', 'id', 'document', 'terms'], rows);
}

function titleOf(source: Readonly<Record<string, unknown>>): string {
  const text = Object.values(source).find((value) => typeof value === 'string' && value.trim() !== '') ?? '';
  return shortened(String(text));
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > TITLE_WIDTH ? `${line.slice(0, TITLE_WIDTH - 1)}…` : line;
}
