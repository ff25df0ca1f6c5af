import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../src/encoder/encoder.js';
import { loadEncoder } from '../../src/encoder/load-encoder.js';
import { tinyCheckpoint } from './tiny-checkpoint.js';

/** An encoder of one thread whose checkpoint and compiled model are its suite's own, and go with it. */
export async function tinyEncoder(): Promise<{ readonly encoder: Encoder } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  const folder = await tinyCheckpoint();
  const encoder = await loadEncoder(folder, { home, workers: 1 });
  return {
    encoder,
    async [Symbol.asyncDispose]() {
      await encoder[Symbol.asyncDispose]();
      for (const one of [home, folder]) await rm(one, { recursive: true });
    },
  };
}
