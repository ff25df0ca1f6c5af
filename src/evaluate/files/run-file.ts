import type { Run, ScoredDocument } from '../measures/judgements.js';
import { trecOrder } from '../measures/trec-order.js';
import { EvaluationFileBroken, linesOf } from './lines-of.js';

/**
 * Reads a run in TREC's six columns: `query Q0 document rank score tag`. The rank is not looked at.
 * @throws {EvaluationFileBroken} for a line of another form, a score that is no number, or a document that stands twice for a query.
 */
export async function readRun(file: string): Promise<Run> {
  const run = new Map<string, Map<string, number>>();
  for await (const { text, number } of linesOf(file)) {
    const [query, , document, , score, ...rest] = text.trim().split(/\s+/);
    const value = Number(score);
    const broken = rest.length !== 1 || Number.isNaN(value) ? 'is not `query Q0 document rank score tag`' : undefined;
    const scores = run.get(query!) ?? new Map<string, number>();
    if (broken || scores.has(document!)) {
      const found = `line ${number} ${broken ?? `names ${document} a second time for query ${query}`}`;
      throw new EvaluationFileBroken(file, found, 'Write each document of a query once, in six columns');
    }
    run.set(query!, scores.set(document!, value));
  }
  return new Map([...run].map(([query, scores]) => [query, [...scores].map(([id, score]) => ({ id, score }))]));
}

/**
 * A run as TREC writes it, in the order that trec_eval will see. Scores have as many digits as float32 needs, so that ties in the
 * file are the ties of the run. Blanks in ids, which the format cannot hold, become `_`.
 */
export function formatRun(run: Run, tag: string): string {
  return [...run].map(([query, ranking]) => formatRanking(query, ranking, word(tag))).join('');
}

/** Names of systems as tags of their runs, which are also good names of files: no two are the same, upper case and lower case alike. */
export function runTags(names: Iterable<string>): Map<string, string> {
  const taken = new Set<string>();
  const tags = new Map<string, string>();
  for (const name of names) {
    const plain = name.replace(/[^\w.+-]+/g, '-').replace(/^-+|-+$/g, '');
    let tag = plain;
    for (let number = 2; taken.has(tag.toLowerCase()); number++) tag = `${plain}-${number}`;
    taken.add(tag.toLowerCase());
    tags.set(name, tag);
  }
  return tags;
}

function formatRanking(query: string, ranking: readonly ScoredDocument[], tag: string): string {
  return trecOrder(ranking)
    .map(({ id, score }, rank) => `${word(query)} Q0 ${word(id)} ${rank + 1} ${Number(score.toPrecision(9))} ${tag}\n`)
    .join('');
}

function word(text: string): string {
  return text.replace(/\s+/g, '_') || '_';
}
