import type { InferenceSession } from 'onnxruntime-node';

/** How every session that encodes is made: one thread, for there are as many encoding threads as cores. */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};
