import { featurePrecision } from '../dialect/feature-precision.js';
import { Fault } from '../fault/fault.js';

/** A rounding that cannot be read. */
class InvalidRounding extends Fault {
  readonly code = 'ROUNDING_INVALID';
  constructor(readonly written: string) {
    super({
      asked: `rounding ${JSON.stringify(written)}`,
      found: 'no rounding',
      remedy: 'Write none, 9bits, or digits(1..9)',
    });
  }
}

/** What becomes of a weight before it is sent; 0 leaves the term out. */
export type Rounding = (weight: number) => number;

/** To so many significant decimal digits. */
function digits(count: number): Rounding {
  return (weight) => Number(weight.toPrecision(count));
}

/**
 * Reads a rounding as it is written in a query string: `none`, `9bits` (the nearest weight that Lucene keeps whole: what `termweave index`
 * sends), `digits(4)`.
 * @throws {InvalidRounding}
 */
export function parseRounding(written: string): Rounding {
  if (written === 'none') return (weight) => weight;
  if (written === '9bits') return featurePrecision.sendable;
  const match = /^digits\(([1-9])\)$/.exec(written);
  if (!match) throw new InvalidRounding(written);
  return digits(Number(match[1]));
}
