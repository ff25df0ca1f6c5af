/** The thread that compiles a graph of a model: seconds of reading and arithmetic, once for each. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CompileTask, writeCompiled } from '../model/write-compiled.js';
import { carried } from './carried-error.js';
import type { CompileAnswer } from './compile-on-thread.js';
import { screenOnThread } from './screen-on-thread.js';

parentPort!.postMessage(
  await writeCompiled(workerData as CompileTask, screenOnThread).then(
    (files): CompileAnswer => ({ files }),
    (thrown: unknown): CompileAnswer => ({ thrown: carried(thrown) }),
  ),
);
