import type { PassedOver } from '../evaluate/tuning/choose.js';
import type { CrossValidation } from '../evaluate/tuning/cross-validate.js';
import type { Tuning } from '../evaluate/tuning/tune.js';
import { tableOf } from './output.js';

/** The candidates as a table, the pick, and its check. */
export function tuningText({ measure, queries, candidates, pick, nearest, passedOver, check }: Tuning): string {
  const sized = candidates.some(({ cost }) => cost.bytes !== undefined);
  const rows = candidates.map(({ name, development, unseen, agreement, cost, onFront }) => [
    `${onFront ? '*' : ' '}${name === pick?.name ? '>' : ' '} ${name}`,
    development.toFixed(4),
    known(unseen, 4),
    agreement.toFixed(2),
    ...[cost.p50, cost.p95, cost.clauses].map((value) => value.toFixed(1)),
    ...(sized ? [known(cost.bytes && cost.bytes / 1e6, 1)] : []),
  ]);
  const heading = [
    '',
    `${measure} (${queries.development} chosen by)`,
    `(${queries.unseen} unseen)`,
    'as splade',
    'p50 ms',
    'p95 ms',
    'clauses',
    ...(sized ? ['index MB'] : []),
  ];
  const legend = '* no other is both better and quicker   > the pick   as splade: rank-biased overlap with its answers';
  const doubt = passedOver && pick ? `${passedOverText(passedOver, pick.name)}\n` : '';
  return `${tableOf(heading, rows)}\n${legend}\n\n${doubt}${pick ? verdictText(pick, check) : refusalText(nearest)}`;
}

function known(value: number | undefined, digits: number): string {
  return value === undefined ? 'not known' : value.toFixed(digits);
}

function verdictText(pick: NonNullable<Tuning['pick']>, check: Tuning['check']): string {
  if (!check) return `${pick.name}: not checked, for there is no unseen query`;
  return `${pick.name}: on unseen queries ${check.difference >= 0 ? '+' : ''}${check.difference.toFixed(4)} against ${check.reference}, p = ${check.p.toFixed(4)}`;
}

function refusalText(nearest: Tuning['nearest']): string {
  if (!nearest) return 'the budget allows none of them: the engine does not tell that cost';
  return `the budget allows none of them; nearest is ${nearest.name}, which takes ${(Math.ceil(100 * nearest.shareTaken) / 100).toFixed(2)} times as much as it allows`;
}

/** Why the best is not the pick. */
function passedOverText({ name, lead, standardError }: PassedOver, taken: string): string {
  const why =
    standardError === undefined
      ? 'on one query, of which no standard error is known'
      : `no more than one standard error (${standardError.toFixed(4)})`;
  return `${name} leads by ${lead.toFixed(4)}, ${why}: ${taken} is taken`;
}

/** A cross-validation as plain JSON. */
export function validationJson({ references, ...rest }: CrossValidation): object {
  return { ...rest, references: Object.fromEntries(references) };
}

/** What was chosen fold by fold, and how that compares. */
export function validationText({ picks, unseen, references }: CrossValidation): string {
  const against = [...references].map(
    ([name, { difference, mean, p }]) =>
      `${difference >= 0 ? '+' : ''}${difference.toFixed(4)} against ${name} (${mean.toFixed(4)}), p = ${p.toFixed(4)}`,
  );
  return [`${picks.length} folds: ${unseen.toFixed(4)} on unseen queries; picks: ${picks.join(', ')}`, ...against].join(
    '\n  ',
  );
}
