import { roundToNineBits, SMALLEST_NORMAL } from '../sparse/precision.js';
import { InvalidQuantisation } from './export-faults.js';

/**
 * How a float32 weight becomes the number that a file holds, as a value. `spec` is its written form: `parseQuantisation(q.spec)`
 * is `q` again. An impact stands for the weight `impact / scale`.
 */
export interface Quantisation {
  readonly spec: string;
  /** Whether every impact is a whole number, as systems that store term frequencies need. */
  readonly whole: boolean;
  /** Impacts per unit of weight. */
  readonly scale: number;
  /** The largest impact; `Infinity` where there is no bound. Heavier weights are clipped to it. */
  readonly ceiling: number;
  /** The impact of a weight, 0 for one that is lost. `weight` is positive and finite. */
  impactOf(weight: number): number;
}

/** Keeps every weight as it is. */
export const unquantised: Quantisation = {
  spec: 'none',
  whole: false,
  scale: 1,
  ceiling: Number.POSITIVE_INFINITY,
  impactOf: (weight) => weight,
};

/** What Lucene's `FeatureField` keeps: 9 significant bits, rounded here so that nothing is cut there. */
export const featureField: Quantisation = {
  ...unquantised,
  spec: 'featureField',
  impactOf: (weight) => (Math.fround(weight) < SMALLEST_NORMAL ? 0 : roundToNineBits(weight)),
};

/** Term frequencies are signed 32-bit integers in every system here. */
const LARGEST_FREQUENCY = 2 ** 31 - 1;

/**
 * The nearest whole number of `weight * factor`, halves to even as numpy's `rint`. naver's SPLADE publishes `scale(100)`;
 * Pyserini encodes queries with 256 steps over weights up to 5, which is `scale(51.2)`.
 */
export function scale(factor: number): Quantisation {
  const spec = `scale(${factor})`;
  if (!(factor > 0 && Number.isFinite(factor)))
    throw new InvalidQuantisation(spec, 'the factor is not a positive number');
  return linear(spec, factor, LARGEST_FREQUENCY);
}

/** The heaviest weight that {@link bits} maps to its last step unless told otherwise: Pyserini's range. */
const USUAL_RANGE = 5;

/**
 * Whole numbers of `count` bits: weights from 0 to `range` in `2^count - 1` equal steps; heavier ones are clipped, which the loss
 * reports. `1 <= count <= 24`, so that an impact is exact as a float32.
 */
export function bits(count: number, range: number = USUAL_RANGE): Quantisation {
  const spec = range === USUAL_RANGE ? `bits(${count})` : `bits(${count},${range})`;
  if (!(Number.isInteger(count) && count >= 1 && count <= 24)) {
    throw new InvalidQuantisation(spec, 'the number of bits is not a whole number from 1 to 24');
  }
  if (!(range > 0 && Number.isFinite(range))) throw new InvalidQuantisation(spec, 'the range is not a positive number');
  const steps = 2 ** count - 1;
  return linear(spec, steps / range, steps);
}

/**
 * Reads a quantisation as it is written in options and manifests: `none`, `featureField`, `scale(100)`, `bits(8)`, `bits(8,3.5)`.
 * @throws {InvalidQuantisation} for anything else.
 */
export function parseQuantisation(spec: string): Quantisation {
  const written = spec.replace(/\s+/g, '');
  if (written === unquantised.spec) return unquantised;
  if (written === featureField.spec) return featureField;
  const [, kind, first, second] = /^(scale|bits)\(([-+.\deE]+)(?:,([-+.\deE]+))?\)$/.exec(written) ?? [];
  if (kind === 'scale' && second === undefined) return scale(Number(first));
  if (kind === 'bits') return bits(Number(first), second === undefined ? undefined : Number(second));
  throw new InvalidQuantisation(spec, 'no quantisation of that name');
}

function linear(spec: string, factor: number, ceiling: number): Quantisation {
  return {
    spec,
    whole: true,
    scale: factor,
    ceiling,
    // A weight is a float32, also where a file gives it as a shorter decimal: both ways must give the same impact.
    impactOf: (weight) => Math.min(roundHalfToEven(Math.fround(weight) * factor), ceiling),
  };
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
