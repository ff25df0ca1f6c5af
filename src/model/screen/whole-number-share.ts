import { LARGEST_ACTIVATION, type WholeNumberScreen } from '../graph/decoder/screen.js';
import type { Tensor } from '../safetensors.js';
import { dot, norm } from './products.js';
import { SAMPLED_ENTRIES, SAMPLED_STATES } from './screening-cost.js';
import { wholeNumberScreen } from './whole-number-screen.js';

/** The share of the vocabulary that a screen of whole numbers leaves on typical states: those whose bound is positive for any of them. */
export function wholeNumberShare(states: Tensor, decoder: Tensor, bias: Float32Array): number {
  const entries = sampledRows(decoder, SAMPLED_ENTRIES);
  const screen = wholeNumberScreen(
    { shape: [entries.length, decoder.shape[1]!], data: Float32Array.from(entries.flatMap(({ row }) => [...row])) },
    Float32Array.from(entries, ({ at }) => bias[at]!),
  );
  const rows = sampledRows(states, SAMPLED_STATES).map(({ row }) => row);
  const largest = rows.reduce((most, row) => row.reduce((top, value) => Math.max(top, Math.abs(value)), most), 0);
  const step = largest / LARGEST_ACTIVATION || 1;
  const texts = rows.map((row) => ({ bytes: row.map((value) => Math.round(value / step)), norm: norm(row) }));
  const left = entries.filter((_, entry) => texts.some((text) => !(boundOf(screen, entry, text, step) <= 0)));
  return left.length / entries.length;
}

function boundOf(
  { table, scales, constants, perNorm, perStep }: WholeNumberScreen,
  entry: number,
  state: { readonly bytes: Float32Array; readonly norm: number },
  step: number,
): number {
  const hidden = table.shape[1]!;
  const product = dot(state.bytes, table.data.subarray(entry * hidden, (entry + 1) * hidden));
  return step * (scales[entry]! * product + perStep[entry]!) + state.norm * perNorm[entry]! + constants[entry]!;
}

/** Rows evenly spread over those there are, at most so many, each with its place. */
function sampledRows({ shape, data }: Tensor, most: number): { at: number; row: Float32Array }[] {
  const [rows, columns] = shape as [number, number];
  const stride = Math.ceil(rows / most);
  return Array.from({ length: Math.ceil(rows / stride) }, (_, i) => ({
    at: i * stride,
    row: data.subarray(i * stride * columns, (i * stride + 1) * columns),
  }));
}
