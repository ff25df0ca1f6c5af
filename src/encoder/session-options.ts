import type { InferenceSession } from 'onnxruntime-node';
import type { DeviceName } from '../model/model-identity.js';

/** What a session is made for. */
export interface SessionPlace {
  /** What a device's provider does not know, onnxruntime gives to the CPU. */
  readonly device: DeviceName;
  /** Threads on the CPU. */
  readonly threads: number;
}

/** How a session that encodes on one core is made. */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

/** The same for a session of several threads: one that spins while it waits takes a core from whoever else is at work, and a query on a busy machine is slower with it. */
export function sessionOptions({ device, threads }: SessionPlace): InferenceSession.SessionOptions {
  const own = { ...SESSION_OPTIONS, executionProviders: [device] };
  if (threads === 1) return own;
  const asleep = { session: { intra_op: { allow_spinning: '0' } } };
  return { ...own, intraOpNumThreads: threads, extra: asleep };
}
