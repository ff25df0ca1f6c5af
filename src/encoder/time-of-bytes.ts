import { InferenceSession, Tensor } from 'onnxruntime-node';
import { screeningTrial } from '../model/graph/decoder/screening-trial.js';
import { SESSION_OPTIONS } from './session-options.js';

const ROUNDS = 9;

/**
 * The time that products of bytes take on this machine, as a share of that of products of float32 (see `screeningTrial`): a quarter with VNNI, about one
 * without. The least of some interleaved rounds each: other work on the machine only ever adds.
 */
export async function timeOfBytes(hidden: number): Promise<number> {
  const { shape, floats, bytes } = screeningTrial(hidden);
  const size = shape.reduce((product, length) => product * length);
  const contestants = [
    {
      graph: floats,
      states: new Tensor(
        'float32',
        Float32Array.from({ length: size }, (_, i) => (i % 17) - 8),
        shape,
      ),
    },
    {
      graph: bytes,
      states: new Tensor(
        'uint8',
        Uint8Array.from({ length: size }, (_, i) => i % 256),
        shape,
      ),
    },
  ];
  const sessions = [];
  for (const { graph } of contestants) {
    sessions.push(await InferenceSession.create(Buffer.concat(graph), SESSION_OPTIONS));
  }
  const least = sessions.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, session] of sessions.entries()) {
      const began = performance.now();
      await session.run({ states: contestants[i]!.states });
      if (round > 0) least[i] = Math.min(least[i]!, performance.now() - began);
    }
  }
  for (const session of sessions) await session.release();
  return least[1]! / least[0]!;
}
