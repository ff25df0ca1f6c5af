import type { Tensor } from '../safetensors.js';
import { dot, meanRow, norm } from './products.js';

/** Token ids, int32 [texts, length], all of them real tokens. */
export interface CalibrationTokens {
  readonly texts: number;
  readonly length: number;
  readonly ids: Int32Array;
}

const TOPICS = 64;
const TEXTS_OF_TOPIC = 4;
const LENGTH = 32;
/** Entries that belong to a topic. */
const NEIGHBOURS = 64;
/** The share of a text's tokens that come from its topic. */
const ON_TOPIC = 0.6;
/** The first in so many of the vocabulary is left out: special tokens, unused ones, punctuation. */
const FRONT = 32;
/** Multiples of these, modulo 1, spread evenly, each sequence apart from the others: fractions of the golden ratio, of root 2 and of root 3. */
const STRIDES = { ids: 0.618033988749895, choices: 0.4142135623730951, neighbours: 0.7320508075688772 };

/**
 * Tokens to see typical states by: texts that keep to a topic, which is an entry of the vocabulary and those whose rows of the decoder
 * point the same way, among entries of all kinds. Vocabularies list their entries roughly from frequent to rare, and frequencies fall
 * about as 1 / rank (Zipf), so ids are drawn evenly in their logarithm. Nothing but speed depends on how typical the states are.
 * @param decoder float32 [vocabulary, hidden]
 * @param positions the most that a text may have
 */
export function calibrationTokens(decoder: Tensor, positions: number): CalibrationTokens {
  const length = Math.min(LENGTH, positions);
  const [vocabulary] = decoder.shape as [number];
  const directions = directionsOf(decoder);
  const texts = TOPICS * TEXTS_OF_TOPIC;
  const ids = new Int32Array(texts * length);
  for (let topic = 0; topic < TOPICS; topic++) {
    const neighbours = nearest(directions, drawnId(topic, vocabulary));
    const start = topic * TEXTS_OF_TOPIC * length;
    for (let i = start; i < start + TEXTS_OF_TOPIC * length; i++) {
      const isOnTopic = multiple(i, STRIDES.choices) < ON_TOPIC;
      const neighbour = Math.floor(multiple(i, STRIDES.neighbours) * neighbours.length);
      ids[i] = isOnTopic ? neighbours[neighbour]! : drawnId(TOPICS + i, vocabulary);
    }
  }
  return { texts, length, ids };
}

function multiple(index: number, stride: number): number {
  return ((index + 1) * stride) % 1;
}

function drawnId(index: number, vocabulary: number): number {
  const first = Math.ceil(vocabulary / FRONT);
  return Math.min(Math.floor(first * (vocabulary / first) ** multiple(index, STRIDES.ids)), vocabulary - 1);
}

/** Rows less their mean, each of norm 1. */
function directionsOf({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const mean = meanRow({ shape, data });
  const directions = data.map((value, i) => value - mean[i % columns]!);
  for (let row = 0; row < rows; row++) {
    const direction = directions.subarray(row * columns, (row + 1) * columns);
    const length = norm(direction) || 1;
    for (let i = 0; i < columns; i++) direction[i]! /= length;
  }
  return { shape, data: directions };
}

/** The rows with the largest cosine to one of them, itself among them. */
function nearest({ shape, data }: Tensor, row: number): number[] {
  const [rows, columns] = shape as [number, number];
  const centre = data.subarray(row * columns, (row + 1) * columns);
  const cosines = Float32Array.from({ length: rows }, (_, other) =>
    dot(centre, data.subarray(other * columns, (other + 1) * columns)),
  );
  return [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]! || a - b).slice(0, NEIGHBOURS);
}
