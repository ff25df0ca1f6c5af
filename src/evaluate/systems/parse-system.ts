import { parseQuantisation } from '../../export/quantisation.js';
import { didYouMean } from '../../fault/did-you-mean.js';
import { Fault } from '../../fault/fault.js';
import { type Fusion, normalisedSum, rrf } from '../../query/strategies/fusion.js';
import { parsePruning } from '../../sparse/pruning.js';
import { bm25 } from './bm25.js';
import { hybrid } from './hybrid.js';
import { quantised } from './quantised.js';
import { rescored } from './rescored.js';
import { splade } from './splade.js';
import type { System } from './system.js';
import { twoPhase } from './two-phase.js';

/** A system that cannot be read. */
export class UnknownSystem extends Fault {
  readonly code = 'SYSTEM_UNKNOWN';
  constructor(
    readonly written: string,
    found: string,
  ) {
    super({
      asked: `system ${JSON.stringify(written)}`,
      found,
      remedy:
        'Write bm25, splade, splade+prune(topK 64), splade+quantise(scale(100)), two-phase, two-phase(ratioOfMax 0.4), rescore, rescore(300), hybrid(rrf), hybrid(sum 0.3) or hybrid(sum 0.6 weak sum 0.2); the number of sum is the share of SPLADE, behind weak that for queries with weak spots',
    });
  }
}

const KINDS = ['bm25', 'splade', 'splade+prune', 'splade+quantise', 'two-phase', 'rescore', 'hybrid'];

/**
 * Reads a system as it is written: `bm25`, `splade`, `splade+prune(topK 64)`, `splade+quantise(bits(8))`, `two-phase`, `rescore(300)`, `hybrid(rrf)`, `hybrid(sum 0.3)`. A bound may stand after a
 * blank or in parentheses: `topK 64`, `topK(64)`.
 * @throws {UnknownSystem} {@link InvalidPruning} {@link InvalidQuantisation}
 */
export function parseSystem(written: string): System {
  const trimmed = written.trim();
  const match = /^(bm25|splade|two-phase|rescore|hybrid)(?:(\+prune|\+quantise)?\((.*)\))?$/i.exec(trimmed);
  if (!match) throw new UnknownSystem(written, `no such system${didYouMean(trimmed.replace(/\(.*/, ''), KINDS)}`);
  const [, name = '', alteration = '', argument] = match;
  switch (`${name.toLowerCase()}${alteration.toLowerCase()}${argument === undefined ? '' : '()'}`) {
    case 'bm25':
      return bm25;
    case 'splade':
      return splade();
    case 'splade+prune()':
      return splade(pruningOf(argument!));
    case 'splade+quantise()':
      return quantised(parseQuantisation(argument!));
    case 'two-phase':
      return twoPhase();
    case 'two-phase()':
      return twoPhase(pruningOf(argument!));
    case 'rescore':
      return rescored();
    case 'rescore()':
      return rescored(windowOf(argument!, written));
    case 'hybrid()':
      return hybrid(...fusionsOf(argument!, written));
    default:
      throw new UnknownSystem(written, `${name} ${argument === undefined ? 'needs' : 'takes no'} parentheses here`);
  }
}

/** Reads systems separated by commas, those inside parentheses aside. @throws {UnknownSystem} */
export function parseSystems(list: string): Map<string, System> {
  const written = list.split(/,(?![^(]*\))/).map((name) => name.trim());
  const named = written.filter((name) => name !== '');
  if (named.length === 0) throw new UnknownSystem(list, 'no system');
  return new Map(named.map((name) => [name, parseSystem(name)]));
}

function pruningOf(argument: string) {
  return parsePruning(argument.replace(/(\w+)\s+([\d.eE]+)/g, '$1($2)'));
}

function windowOf(argument: string, written: string): number {
  const window = Number(argument);
  if (Number.isInteger(window) && window > 0) return window;
  throw new UnknownSystem(written, `${JSON.stringify(argument)} is no number of documents: 1 or more`);
}

/** A fusion, and another one behind `weak` for topics with weak spots. */
function fusionsOf(argument: string, written: string): [Fusion, Fusion?] {
  const [usual = '', weak] = argument.split(/\bweak\b/);
  return weak === undefined ? [fusionOf(usual, written)] : [fusionOf(usual, written), fusionOf(weak, written)];
}

function fusionOf(argument: string, written: string): Fusion {
  const [kind, bound, ...rest] = argument
    .trim()
    .split(/[\s()]+/)
    .filter((part) => part !== '');
  const number = bound === undefined ? undefined : Number(bound);
  if (rest.length > 0 || Number.isNaN(number)) throw new UnknownSystem(written, 'a fusion is a name and a number');
  if (kind === 'rrf' && (number === undefined || number >= 0)) return rrf(number);
  if (kind === 'sum' && number !== undefined && number >= 0 && number <= 1) return normalisedSum(number);
  throw new UnknownSystem(written, `${JSON.stringify(argument)} is no fusion: rrf, rrf 60, sum 0.3 (from 0 to 1)`);
}
