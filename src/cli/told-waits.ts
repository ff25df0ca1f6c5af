import { DEFAULT_RETRY, type RetryPolicy } from '../ingest/bulk/backoff.js';
import { say } from './output.js';

/** Shorter waits pass before anybody has read of them. */
const WORTH_TELLING_MS = 1000;
const TELL_EVERY_MS = 10_000;

/** The usual patience with an engine, of which a person is told, now and then: a command that waits must not look like one that hangs. */
export function toldWaits(tell: (text: string) => void = say): RetryPolicy {
  let told = Number.NEGATIVE_INFINITY;
  const onWait = (ms: number, reason: string) => {
    if (ms < WORTH_TELLING_MS || performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    tell(`waiting for the engine: ${reason}`);
  };
  return { ...DEFAULT_RETRY, onWait };
}
