import type { Compile } from '../model/compile-model.js';
import { type CarriedError, uncarried } from './carried-error.js';
import { ModelNotCompiled } from './encoder-faults.js';
import { firstWordOfThread } from './first-word-of-thread.js';
import { prepareRuntime } from './prepare-runtime.js';

/** From the thread that compiles: names of files, or what was thrown there. */
export type CompileAnswer = { readonly files: readonly string[] } | { readonly thrown: CarriedError };

/**
 * Compiles a graph on a thread of its own, which writes it to disk, too: the caller's thread is free meanwhile.
 * @throws the signal's reason when it is aborted, and then after the thread has ended.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported} {@link ModelNotCompiled} {@link RuntimeMissing}
 */
export const compileOnThread: Compile = async (task, signal) => {
  // Here, for another thread's variables are a copy, which the runtime does not see.
  if (task.screened) prepareRuntime();
  const answer = await firstWordOfThread(new URL('./compiling-worker.js', import.meta.url), task, signal);
  if ('ended' in answer) throw new ModelNotCompiled(task.model.id, answer.ended[0]);
  const said = answer.message as CompileAnswer;
  if ('thrown' in said) throw uncarried(said.thrown);
  return said.files;
};
