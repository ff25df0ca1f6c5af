import type { Command } from 'commander';
import pc from 'picocolors';
import type { SparseAnswer } from '../retrieve/sparse-index.js';
import type { Certificate } from '../retrieve/two-phase/search-in-two-phases.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { naturalNumber } from './option-values.js';
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
  readonly twoPhase?: boolean;
  readonly budget?: number;
  readonly json?: boolean;
}

/** `termweave search INDEX TEXT`: the best documents, with the terms that made their scores. */
export function addSearch(program: Command): void {
  const command = program
    .command('search <index> <text>')
    .description('ask an index with a text; show scores and the terms that made them')
    .option('--size <N>', 'how many documents', naturalNumber, 10)
    .option('--filter <JSON>', "a query of the engine's own that documents must pass")
    .option(
      '--two-phase',
      'heavy terms find, all terms score; say whether the answer is exact (see `termweave ceilings`)',
    )
    .option('--budget <N>', 'with --two-phase: documents that the heavy terms may find', naturalNumber)
    .option('--json', 'one JSON value: {"hits":[{"id","score","terms":{token: product}}]}');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(search);
}

async function search(name: string, text: string, options: SearchOptions): Promise<void> {
  const { jsonObject } = await import('./option-values.js');
  const filter = options.filter === undefined ? undefined : jsonObject(options.filter, '--filter');
  await using opened = await openIndexAndEncoder(name, options);
  const [encoded] = await opened.encoder.encode([text], { as: 'query', signal: interruption });
  const { size, budget } = options;
  const twoPhase = options.twoPhase && { budget };
  const answer = await opened.index.search(encoded!.vector, { size, filter, twoPhase, signal: interruption });
  for (const { token, weight } of answer.dropped) say(pc.yellow(`left out of the query: ${token} (${weight})`));
  if (answer.vectorsHidden) say(pc.yellow('terms cannot be told: _source excludes the vectors'));
  if (options.json) printJson(asJson(answer));
  else print(asTable(answer));
  if (answer.certificate && !options.json) say(asSentence(answer.certificate));
}

const DOUBTS = {
  'no-ceilings': 'the index has no table of ceilings: build one with `termweave ceilings`',
  'ceilings-outdated':
    'the index was written to after its ceilings were built: build them again with `termweave ceilings`',
  'budget-spent': 'the budget was spent before the bound fell below the page',
};

function asSentence({ exact, reason, lastScore, bound, rounds, window }: Certificate): string {
  const proof = `last score ${lastScore?.toFixed(4) ?? 'none'}, bound ${bound.toFixed(4)}, ${rounds} rounds, window ${window}`;
  return exact ? `exact: ${proof}` : `not known to be exact: ${DOUBTS[reason!]} (${proof})`;
}

function asJson({ hits, vectorsHidden, tookMs, dropped, certificate }: SparseAnswer): unknown {
  return {
    hits: hits.map(({ id, score, terms, source }) => ({
      id,
      score,
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
  const rows = hits.map(({ id, score, terms, source }, i) => {
    const shown = terms.slice(0, TERMS_SHOWN).map(({ token, product }) => `${token} ${product.toFixed(2)}`);
    return [i + 1, score.toFixed(4), id, titleOf(source), shown.join(', ')];
  });
  return tableOf(['', 'score', 'id', 'document', 'terms'], rows);
}

function titleOf(source: Readonly<Record<string, unknown>>): string {
  const text = Object.values(source).find((value) => typeof value === 'string' && value.trim() !== '') ?? '';
  const line = String(text).replace(/\s+/g, ' ').trim();
  return line.length > TITLE_WIDTH ? `${line.slice(0, TITLE_WIDTH - 1)}…` : line;
}
