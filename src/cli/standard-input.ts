import { addAbortSignal, type Readable } from 'node:stream';
import { interruption } from './interruption.js';

/** What is piped in, until the process is asked to end: whoever waits for more of it then fails with an `AbortError`. */
export function standardInput(): Readable {
  return addAbortSignal(interruption, process.stdin);
}
