import type { InferenceSession } from 'onnxruntime-node';

/** How every session that encodes is made: one thread, for there are as many encoding threads as cores. */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

/** The same for a session of several threads: one that spins while it waits takes a core from whoever else is at work, and a query on a busy machine is slower with it. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  if (threads === 1) return SESSION_OPTIONS;
  const asleep = { session: { intra_op: { allow_spinning: '0' } } };
  return { ...SESSION_OPTIONS, intraOpNumThreads: threads, extra: asleep };
}
