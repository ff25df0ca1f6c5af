import { setTimeout as sleep } from 'node:timers/promises';

/** A node flushes and leaves its cluster in a second or two; past this it hangs. */
const WITHIN_MS = 20_000;
const POLL_MS = 50;

/** Something that runs and can be sent signals. */
export interface Endable {
  runs(): boolean | Promise<boolean>;
  signal(name: NodeJS.Signals): void;
}

/** Ends it by a first signal or, when that takes too long, by force. What does not run is left alone. */
export async function endInTime({ runs, signal }: Endable, first: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!(await runs())) return;
  signal(first);
  const deadline = Date.now() + WITHIN_MS;
  while (await runs()) {
    if (Date.now() > deadline) signal('SIGKILL');
    await sleep(POLL_MS);
  }
}
