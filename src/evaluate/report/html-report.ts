import type { SystemResult, SystemsReport } from '../evaluate-systems.js';
import type { Comparison } from '../significance/compare-systems.js';
import { differencePlot } from './difference-plot.js';
import { escapeHtml } from './escape-html.js';
import type { ExplainedDifference } from './explain-differences.js';

/** Two systems side by side, query by query. */
export interface Duel {
  readonly a: string;
  readonly b: string;
  readonly measure: string;
  /** By query: the measure of `b` minus that of `a`. */
  readonly differences: ReadonlyMap<string, number>;
  readonly explained: readonly ExplainedDifference[];
}

export interface HtmlReport {
  readonly title: string;
  /** What was searched, and how: a line each. */
  readonly facts: readonly string[];
  readonly report: SystemsReport;
  readonly duels: readonly Duel[];
}

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #8884;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto}small{opacity:.75}`;

/** One page that needs nothing else: no script, no font, no file from anywhere. */
export function htmlReport({ title, facts, report, duels }: HtmlReport): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style>
<h1>${escapeHtml(title)}</h1><p>${facts.map(escapeHtml).join('<br>')}</p>
<h2>Means over ${report.queries} queries</h2>${meansTable(report.systems)}
<h2>Differences</h2>${comparisonsTable(report.comparisons)}
${duels.map(duelSection).join('\n')}
</html>
`;
}

function meansTable(systems: ReadonlyMap<string, SystemResult>): string {
  const measures = [...([...systems.values()][0]?.evaluation.means.keys() ?? [])];
  const heading = ['system', ...measures, 'p50 ms', 'p95 ms', 'clauses'];
  const rows = [...systems].map(([name, { evaluation, cost }]) => [
    name,
    ...measures.map((measure) => evaluation.means.get(measure)!.toFixed(4)),
    ...[cost.p50, cost.p95, cost.clauses].map((value) => value.toFixed(1)),
  ]);
  return tableHtml(heading, rows);
}

function comparisonsTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ measure, a, b, difference, p, adjusted }) => [
    `${measure}: ${b} over ${a}`,
    signed(-difference),
    pText(p),
    pText(adjusted),
  ]);
  const note = '<small>Paired randomisation test, two-sided; corrected by Holm over the pairs of a measure.</small>';
  return `${tableHtml(['pair', 'difference', 'p', 'corrected'], rows)}${note}`;
}

function duelSection({ a, b, measure, differences, explained }: Duel): string {
  const bars = [...differences].map(([label, value]) => ({ label, value }));
  const wins = bars.filter(({ value }) => value > 0).length;
  const losses = bars.filter(({ value }) => value < 0).length;
  const rows = explained.map(({ query, text, difference, document, terms }) => [
    `${query}: ${text}`,
    signed(difference),
    document ? `${document.id}: ${rank(document.before)} → ${rank(document.after)}` : 'none found',
    terms.map(({ token, product }) => `${token} ${product.toFixed(2)}`).join(', '),
  ]);
  const heading = ['query', measure, `relevant document, rank in ${a} → ${b}`, 'terms of its dot product'];
  const summary = `${wins} wins, ${losses} losses, ${bars.length - wins - losses} even, by ${measure}.`;
  return `<h2>${escapeHtml(`${b} against ${a}`)}</h2><p>${escapeHtml(summary)}</p>${differencePlot(bars)}${tableHtml(heading, rows)}`;
}

/** Cells of digits stand to the right. */
function tableHtml(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = heading.map((_, i) => rows.every((row) => /^[-+<]?[\d.]+$/.test(row[i]!)));
  const cell = (tag: string) => (text: string, i: number) =>
    `<${tag}${numeric[i] ? ' class="n"' : ''}>${escapeHtml(text)}</${tag}>`;
  const line = (tag: string) => (cells: readonly string[]) => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  return `<table><thead>${line('th')(heading)}</thead><tbody>${rows.map(line('td')).join('')}</tbody></table>`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(4)}`;
}

function pText(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

function rank(position: number): string {
  return position === 0 ? 'not found' : String(position);
}
