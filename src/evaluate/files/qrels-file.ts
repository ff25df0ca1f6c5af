import type { Qrels } from '../measures/judgements.js';
import { EvaluationFileBroken, linesOf } from './lines-of.js';

/**
 * Reads judgements: TREC's four columns (`query 0 document grade`, any blanks between) or BEIR's three (tabs, with or without a heading).
 * Click logs of two columns (query, document clicked) are read as grade 1. The first line says which; the others must be like it.
 * @throws {EvaluationFileBroken}
 */
export async function readQrels(file: string): Promise<Qrels> {
  const qrels = new Map<string, Map<string, number>>();
  let form: Form | undefined;
  for await (const { text, number } of linesOf(file)) {
    const isFirst = form === undefined;
    form ??= formOf(text);
    const cells = cellsOf(text, form.separator);
    if (isFirst && isHeading(cells, form)) continue;
    const judgement = cells.length === form.columns ? judgementOf(cells) : undefined;
    if (!judgement) throw noJudgement(file, number, text, form);
    const { query, document, grade } = judgement;
    const grades = qrels.get(query) ?? new Map<string, number>();
    grades.set(document, grade);
    qrels.set(query, grades);
  }
  return qrels;
}

/** How the lines of a file are cut. A form for each line would read a malformed one as a judgement of another query. */
interface Form {
  readonly separator: RegExp;
  readonly columns: number;
}

const TABS = /\t/;
/** As trec_eval cuts. */
const BLANKS = /\s+/;

function formOf(line: string): Form {
  const byBlanks = cellsOf(line, BLANKS).length;
  const separator = byBlanks === 4 || !TABS.test(line) ? BLANKS : TABS;
  return { separator, columns: separator === BLANKS ? byBlanks : cellsOf(line, TABS).length };
}

function cellsOf(line: string, separator: RegExp): string[] {
  return line.trim().split(separator);
}

const NAME_OF_QUERY = /^(q|query|topic)[-_ ]?(id)?$/i;

/** TREC's files have none. Three columns tell by the grade, two by the name of the first. */
function isHeading(cells: readonly string[], { separator, columns }: Form): boolean {
  if (separator !== TABS) return false;
  return columns === 3 ? gradeOf(cells[2]!) === undefined : columns === 2 && NAME_OF_QUERY.test(cells[0]!);
}

interface Judgement {
  readonly query: string;
  readonly document: string;
  readonly grade: number;
}

function judgementOf(cells: readonly string[]): Judgement | undefined {
  const [query = '', document = '', written = '1'] = cells.length === 4 ? [cells[0], cells[2], cells[3]] : cells;
  const grade = gradeOf(written);
  if (cells.length < 2 || cells.length > 4 || query === '' || document === '' || grade === undefined) return undefined;
  return { query, document, grade };
}

function gradeOf(written: string): number | undefined {
  return /^[-+]?\d+(\.0*)?$/.test(written.trim()) ? Number(written) : undefined;
}

function noJudgement(file: string, line: number, text: string, { columns, separator }: Form): EvaluationFileBroken {
  const others = line === 1 ? '' : `, in a file of ${columns} columns by ${separator === TABS ? 'tabs' : 'blanks'}`;
  return new EvaluationFileBroken(
    file,
    `line ${line} is no judgement: ${JSON.stringify(text.slice(0, 80))}${others}`,
    'Write `query 0 document grade` (TREC), or `query<TAB>document<TAB>grade` under a heading (BEIR)',
  );
}

/** Judgements as TREC writes them: one a line, queries and documents in the order of the map. */
export function formatQrels(qrels: Qrels): string {
  const lines = [...qrels].flatMap(([query, grades]) =>
    [...grades].map(([document, grade]) => `${query} 0 ${document} ${grade}\n`),
  );
  return lines.join('');
}
