import pc from 'picocolors';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import type { Verification } from '../verify/verify.js';
import { tableOf } from './output.js';

/** The verification of one vector field. */
export interface FieldReport extends Verification {
  readonly field: string;
  /** Whether it is shown that answers are right: nothing compared is nothing shown, but of an index without documents nothing is to be shown. */
  readonly verified: boolean;
  /** Why nothing was compared, where nothing was. */
  readonly reason?: string;
}

/** What a verification of an index's field has shown. */
export function fieldReport({ field, plan }: Pick<SparseIndex, 'field' | 'plan'>, report: Verification): FieldReport {
  const { scores, documents, queries, disagreements } = report;
  const verified = disagreements === 0 && (scores > 0 || documents === 0);
  if (scores > 0 || disagreements > 0) return { field, verified, ...report };
  const texts = plan.vectors[field]!.from.join(', ');
  const asked =
    queries === 0 ? `no document looked at has text in ${texts} to make a query of` : 'no query finds a document';
  return { field, verified, reason: documents === 0 ? 'the index has no documents' : asked, ...report };
}

/** Of several fields: which of them nothing is shown of, or what is wrong with. */
export function totalText(reports: readonly FieldReport[]): string {
  const not = reports.filter(({ verified }) => !verified).map(({ field }) => field);
  return not.length > 0 ? pc.red(`not verified: ${not.join(', ')}`) : pc.green(`all ${reports.length} fields verified`);
}

/** What a person is told of one field. */
export function verificationText(report: FieldReport): string {
  const { field, queries, documents, share, scores, maxUlp, orderDependent, shortened, examples } = report;
  if (report.reason !== undefined) return `${field}: ${verdictOf(report)}: ${report.reason}`;
  const lines = [
    `${field}: ${verdictOf(report)}: ${scores} scores of ${queries} queries over ${documents} documents`,
    ...(share < 1
      ? [
          pc.yellow(
            `${Number((100 * share).toPrecision(2))} % of the index was looked through for documents that answers lack`,
          ),
        ]
      : []),
    `largest difference ${maxUlp} units in the last place; ${orderDependent} scores whose last bit depends on the order of additions`,
  ];
  if (shortened > 0)
    lines.push(pc.yellow(`${shortened} queries had more terms than the engine takes; the lightest were left out`));
  for (const { query, id, kind, actual, expected, terms } of examples) {
    lines.push('', `${pc.red(kind)} query ${query}, document ${id}: engine ${actual}, expected ${expected}`);
    const rows = terms.map((term) => [term.token, term.query, term.stored, term.product]);
    if (rows.length > 0) lines.push(tableOf(['token', 'query', 'stored', 'product'], rows));
  }
  return lines.join('\n');
}

function verdictOf({ verified, reason, disagreements }: FieldReport): string {
  if (reason !== undefined) return verified ? pc.green('nothing to verify') : pc.red('nothing to compare');
  return verified ? pc.green('verified') : pc.red(`${disagreements} disagreements`);
}
