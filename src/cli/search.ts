import type { Command } from 'commander';
import pc from 'picocolors';
import type { SparseAnswer } from '../retrieve/sparse-index.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { naturalNumber } from './option-values.js';
import { print, printJson, say, tableOf } from './output.js';

const EXAMPLES = `
Examples:
  $ termweave search books "how does a fox hunt"
  $ termweave search books "how does a fox hunt" --size 3 --json | jq '.hits[0].terms'
  $ termweave search books "fox" --filter '{"term":{"language":"en"}}'`;

interface SearchOptions extends IndexAndEncoderOptions {
  readonly size: number;
  readonly filter?: string;
  readonly json?: boolean;
}

/** `termweave search INDEX TEXT`: the best documents, with the terms that made their scores. */
export function addSearch(program: Command): void {
  const command = program
    .command('search <index> <text>')
    .description('ask an index with a text; show scores and the terms that made them')
    .option('--size <N>', 'how many documents', naturalNumber, 10)
    .option('--filter <JSON>', "a query of the engine's own that documents must pass")
    .option('--json', 'one JSON value: {"hits":[{"id","score","terms":{token: product}}]}');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(search);
}

async function search(name: string, text: string, options: SearchOptions): Promise<void> {
  const { jsonObject } = await import('./option-values.js');
  const filter = options.filter === undefined ? undefined : jsonObject(options.filter, '--filter');
  await using opened = await openIndexAndEncoder(name, options);
  const [encoded] = await opened.encoder.encode([text], { as: 'query', signal: interruption });
  const answer = await opened.index.search(encoded!.vector, { size: options.size, filter, signal: interruption });
  for (const { token, weight } of answer.dropped) say(pc.yellow(`left out of the query: ${token} (${weight})`));
  if (options.json) printJson(asJson(answer));
  else print(asTable(answer));
}

function asJson({ hits, tookMs, dropped }: SparseAnswer): unknown {
  return {
    hits: hits.map(({ id, score, terms, source }) => ({
      id,
      score,
      terms: Object.fromEntries(terms.map(({ token, product }) => [token, product])),
      source,
    })),
    dropped: dropped.map(({ token }) => token),
    tookMs,
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
