import { didYouMean } from '../../fault/did-you-mean.js';
import { Fault } from '../../fault/fault.js';
import { AP, Judged, type Measure, nDCG, P, R, RR, Success } from './measure.js';
import { RBO } from './rank-biased-overlap.js';

/** A measure that cannot be read. */
export class UnknownMeasure extends Fault {
  readonly code = 'MEASURE_UNKNOWN';
  constructor(
    readonly written: string,
    found: string,
  ) {
    super({
      asked: `measure ${JSON.stringify(written)}`,
      found,
      remedy: 'Write nDCG@10, R@100, RR@10, AP, P@5, Success@5 or Judged@10; P(rel=2)@5 counts grades of 2 and more',
    });
  }
}

const FAMILIES = { nDCG, AP, RR, R, P, Success, Judged, RBO };
const BY_LOWER_CASE = new Map(Object.entries(FAMILIES).map(([name, family]) => [name.toLowerCase(), { name, family }]));
const NEEDS_CUTOFF = new Set(['R', 'P', 'Success', 'Judged']);
const GRADELESS = new Set(['nDCG', 'Judged', 'RBO']);

/**
 * Reads a measure as the field writes it (the syntax of ir_measures): `nDCG@10`, `AP`, `RR(rel=2)@10`. Upper and lower case are
 * alike. @throws {UnknownMeasure}
 */
function parseMeasure(written: string): Measure {
  const match = /^([a-z]+)(?:\(rel=(\d+)\))?(?:@(\d+))?$/i.exec(written.trim());
  if (!match) throw new UnknownMeasure(written, 'not of the form NAME@CUTOFF');
  const [, family = '', grade, cut] = match;
  const known = BY_LOWER_CASE.get(family.toLowerCase());
  if (!known)
    throw new UnknownMeasure(written, `no measure is called ${family}${didYouMean(family, Object.keys(FAMILIES))}`);
  const { name } = known;
  if (cut === undefined && NEEDS_CUTOFF.has(name)) throw new UnknownMeasure(written, `${name} needs a cutoff`);
  if (grade !== undefined && GRADELESS.has(name)) throw new UnknownMeasure(written, `${name} takes no (rel=…)`);
  if (Number(cut ?? 1) < 1 || Number(grade ?? 1) < 1) throw new UnknownMeasure(written, 'a number below 1');
  const options = { cutoff: cut === undefined ? Number.POSITIVE_INFINITY : Number(cut), relevant: Number(grade ?? 1) };
  return {
    name: `${name}${grade === undefined ? '' : `(rel=${Number(grade)})`}${cut === undefined ? '' : `@${Number(cut)}`}`,
    cutoff: options.cutoff,
    of: (judged) => known.family(judged, options),
  };
}

/** Reads measures separated by commas or spaces. @throws {UnknownMeasure} */
export function parseMeasures(list: string): Measure[] {
  const written = list.split(/[\s,]+/).filter((name) => name !== '');
  if (written.length === 0) throw new UnknownMeasure(list, 'no measure');
  return written.map(parseMeasure);
}
