import { InferenceSession, Tensor } from 'onnxruntime-node';
import { POSITION_INPUTS, POSITIONS_OUTPUT } from '../model/graph/winning-positions.js';
import { SESSION_OPTIONS } from './session-options.js';
import type { WordPositions } from './word-positions.js';

/** Runs a model's second graph, which says where a term came from. `run` blocks its thread: for worker threads only. */
export class PositionsSession {
  private constructor(readonly session: InferenceSession) {}

  static async load(file: string): Promise<PositionsSession> {
    return new PositionsSession(await InferenceSession.create(file, SESSION_OPTIONS));
  }

  /** For each vocabulary id, the word whose position gave it the largest logit; `undefined` where the text has no words. */
  async run({ ids, words }: WordPositions, asked: Uint32Array): Promise<(string | undefined)[]> {
    const candidates = Int32Array.from(words, (word) => Number(word !== undefined));
    if (asked.length === 0 || !candidates.includes(1)) return Array.from(asked, () => undefined);
    const shape = [1, ids.length];
    const outputs = await this.session.run({
      token_ids: new Tensor('int32', Int32Array.from(ids), shape),
      token_mask: new Tensor('int32', new Int32Array(ids.length).fill(1), shape),
      [POSITION_INPUTS.candidates]: new Tensor('int32', candidates, [ids.length]),
      [POSITION_INPUTS.ids]: new Tensor('int32', Int32Array.from(asked), [asked.length]),
    });
    return Array.from(outputs[POSITIONS_OUTPUT]!.data as Int32Array, (position) => words[position]);
  }
}
