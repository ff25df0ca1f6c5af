import type { Command } from 'commander';
import type { Explanation } from '../retrieve/explain-score.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { print, printJson, tableOf } from './output.js';

const EXAMPLES = `
Examples:
  $ termweave explain books 42 "how does a fox hunt"
  $ termweave explain books 42 "how does a fox hunt" --json | jq '.terms[0]'`;

interface ExplainOptions extends IndexAndEncoderOptions {
  readonly json?: boolean;
}

/** `termweave explain INDEX ID TEXT`: why a document has its score. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain <index> <id> <text>')
    .description("a document's score for a text, term by term, and the words that called each term")
    .option('--json', 'one JSON value: {"score","terms":[{"token","query","stored","product","from","answeredBy"}]}');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(explainCommand);
}

async function explainCommand(name: string, id: string, text: string, options: ExplainOptions): Promise<void> {
  const { explain } = await import('../retrieve/explain-score.js');
  await using opened = await openIndexAndEncoder(name, options);
  const explanation = await explain(opened.index, opened.encoder, id, text, { signal: interruption });
  if (options.json) printJson(explanation);
  else print(asTable(explanation));
}

function asTable({ score, terms }: Explanation): string {
  if (terms.length === 0 && score > 0)
    return `score ${score}: its terms cannot be told, since _source excludes the vectors`;
  if (terms.length === 0) return 'score 0: the document shares no term with the text';
  const rows = terms.map(({ token, query, stored, product, from, answeredBy }) => {
    const numbers = [query, stored, product].map((number) => number.toFixed(4));
    return [token, ...numbers, from.join(', '), answeredBy.join(', ')];
  });
  const sum = Math.fround(terms.reduce((total, { product }) => total + product, 0));
  return `${tableOf(['token', 'query', 'stored', 'product', 'from', 'answered by'], rows)}\nsum ${sum}, _score ${score}`;
}
