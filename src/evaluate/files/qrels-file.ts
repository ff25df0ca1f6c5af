import type { Qrels } from '../measures/judgements.js';
import { EvaluationFileBroken, linesOf } from './lines-of.js';

/**
 * Reads judgements: TREC's four columns (`query 0 document grade`, any blanks between) or BEIR's three (tabs, with a heading).
 * Click logs of two columns (query, document clicked) are read as grade 1. @throws {EvaluationFileBroken}
 */
export async function readQrels(file: string): Promise<Qrels> {
  const qrels = new Map<string, Map<string, number>>();
  for await (const { text, number } of linesOf(file)) {
    const judgement = readJudgement(text);
    if (judgement) {
      const { query, document, grade } = judgement;
      const grades = qrels.get(query) ?? new Map<string, number>();
      grades.set(document, grade);
      qrels.set(query, grades);
    } else if (number > 1) {
      throw new EvaluationFileBroken(
        file,
        `line ${number} is no judgement: ${JSON.stringify(text.slice(0, 80))}`,
        'Write `query 0 document grade` (TREC), or `query<TAB>document<TAB>grade` under a heading (BEIR)',
      );
    }
  }
  return qrels;
}

interface Judgement {
  readonly query: string;
  readonly document: string;
  readonly grade: number;
}

/** A heading reads as no judgement, for its last column is no number. */
function readJudgement(line: string): Judgement | undefined {
  const cells = line.trim().split(line.includes('\t') ? /\t/ : /\s+/);
  if (cells.length === 2) return { query: cells[0]!, document: cells[1]!, grade: 1 };
  const [query, document, grade] = cells.length === 4 ? [cells[0]!, cells[2]!, cells[3]!] : cells;
  if (cells.length < 3 || cells.length > 4 || !/^[-+]?\d+(\.0*)?$/.test(grade!.trim())) return undefined;
  return { query: query!, document: document!, grade: Number(grade) };
}

/** Judgements as TREC writes them: one a line, queries and documents in the order of the map. */
export function formatQrels(qrels: Qrels): string {
  const lines = [...qrels].flatMap(([query, grades]) =>
    [...grades].map(([document, grade]) => `${query} 0 ${document} ${grade}\n`),
  );
  return lines.join('');
}
