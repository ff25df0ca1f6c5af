import type { Engine } from '../../engine/engine.js';
import type { RetryPolicy } from './backoff.js';
import { type PatientEngine, patient } from './patient-engine.js';
import { PrimaryReadsEngine } from './primary-reads.js';
import { type IndexIdentity, SameIndexEngine } from './same-index.js';

/** A cluster as a run uses it that writes into one index: it writes into no other one of that name, reads what is there, and waits. */
export function runEngine(cluster: Engine, target: IndexIdentity, retry: RetryPolicy | undefined): PatientEngine {
  return patient(new SameIndexEngine(new PrimaryReadsEngine(cluster), target), retry);
}
