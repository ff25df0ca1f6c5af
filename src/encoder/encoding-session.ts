import { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf } from '../fault/fault.js';
import { SPARSE_OUTPUTS } from '../model/graph/sparse-output.js';
import { deviceNamed } from './device/device.js';
import { EncoderUnusable } from './encoder-faults.js';
import { type SessionPlace, sessionOptions } from './session-options.js';

/** Ascending vocabulary ids and their weights. */
export interface Entries {
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

const ONE_CORE: SessionPlace = { device: 'cpu', threads: 1 };

/** Runs a compiled model. `run` blocks the thread it is called on: for worker threads only. */
export class EncodingSession {
  private constructor(readonly session: InferenceSession) {}

  /** @throws {EncoderUnusable} when onnxruntime refuses the file, or the file is no compiled model. */
  static async load(file: string, place: SessionPlace = ONE_CORE): Promise<EncodingSession> {
    const session = await createSession(file, place);
    const missing = SPARSE_OUTPUTS.filter((output) => !session.outputNames.includes(output));
    if (missing.length > 0) {
      const found = `outputs ${session.outputNames.join(', ')} where ${SPARSE_OUTPUTS.join(', ')} are needed`;
      throw new EncoderUnusable(file, found, 'Build it with `termweave model build`');
    }
    return new EncodingSession(session);
  }

  /** Encodes a batch of token ids, padded to the longest or one more: the graph takes positions in two halves. */
  async run(texts: readonly (readonly number[])[]): Promise<Entries[]> {
    const longest = texts.reduce((most, ids) => Math.max(most, ids.length), 0);
    const length = longest + (longest % 2);
    const ids = new Int32Array(texts.length * length);
    const mask = new Int32Array(texts.length * length);
    texts.forEach((text, row) => {
      ids.set(text, row * length);
      mask.fill(1, row * length, row * length + text.length);
    });
    const shape = [texts.length, length];
    const outputs = await this.session.run({
      token_ids: new Tensor('int32', ids, shape),
      token_mask: new Tensor('int32', mask, shape),
    });
    return entriesByRow(
      outputs.rows!.data as Int32Array,
      outputs.ids!.data as Int32Array,
      outputs.weights!.data as Float32Array,
      texts.length,
    );
  }
}

/** @throws {EncoderUnusable} when onnxruntime refuses the file. */
export async function createSession(file: string, place: SessionPlace): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, sessionOptions(place));
  } catch (thrown) {
    throw new EncoderUnusable(file, messageOf(thrown), deviceNamed(place.device).remedy);
  }
}

/** The entries come by row and then by id; each row gets arrays of its own. */
function entriesByRow(rows: Int32Array, ids: Int32Array, weights: Float32Array, texts: number): Entries[] {
  const perRow: Entries[] = [];
  let start = 0;
  for (let row = 0; row < texts; row++) {
    let end = start;
    while (end < rows.length && rows[end] === row) end++;
    perRow.push({ ids: Uint32Array.from(ids.subarray(start, end)), weights: weights.slice(start, end) });
    start = end;
  }
  return perRow;
}
