import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { LONE_INPUTS } from '../model/graph/graph-parts.js';
import { createSession, type Entries } from './encoding-session.js';

/** Runs the graph for lone queries. `run` blocks the thread it is called on: for worker threads only. */
export class LoneSession {
  private constructor(readonly session: InferenceSession) {}

  /** @throws {EncoderUnusable} when onnxruntime refuses the file. */
  static async load(file: string, threads: number): Promise<LoneSession> {
    return new LoneSession(await createSession(file, { device: 'cpu', threads }));
  }

  /** The entries of one text, by its token ids. */
  async run(tokens: readonly number[]): Promise<Entries> {
    const { ids, weights } = await this.session.run({
      [LONE_INPUTS.ids]: new Tensor('int32', Int32Array.from(tokens), [1, tokens.length]),
      [LONE_INPUTS.halves]: new Tensor('int32', halvesOf(tokens.length), [2, Math.ceil(tokens.length / 2)]),
    });
    return sifted(ids!.data as Int32Array, weights!.data as Float32Array);
  }
}

/** The places of so many tokens; an odd number has its first once more. */
function halvesOf(length: number): Int32Array {
  return Int32Array.from({ length: length + (length % 2) }, (_, place) => place % length);
}

function sifted(ids: Int32Array, weights: Float32Array): Entries {
  let kept = 0;
  const entries = { ids: new Uint32Array(ids.length), weights: new Float32Array(ids.length) };
  weights.forEach((weight, i) => {
    if (!(weight > 0)) return;
    entries.ids[kept] = ids[i]!;
    entries.weights[kept++] = weight;
  });
  return { ids: entries.ids.slice(0, kept), weights: entries.weights.slice(0, kept) };
}
