/** The user pressed Ctrl-C or closed the terminal, or the process was told to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const controller = new AbortController();

/** A lost connection or a closed terminal is SIGHUP, which Node otherwise dies of. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts on the first of {@link SIGNALS}. Every command hands it on, so that what is open is closed in order. */
export const interruption: AbortSignal = controller.signal;

/** Asks the command to end in order, for another reason than a signal's. */
export function endInOrder(reason: Error): void {
  controller.abort(reason);
}

/**
 * Runs a command under {@link interruption}: the first signal asks it to end in order. A second one that somebody sends ends the process at
 * once, but SIGHUP never does: a terminal that is closed sends it more than once, and its broken pipe may have come before.
 */
export async function interruptible<T>(run: () => Promise<T>): Promise<T> {
  let isAsked = false;
  const interrupt = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGHUP') {
      if (isAsked) process.exit(130);
      isAsked = true;
    }
    controller.abort(new Interrupted());
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await run();
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/**
 * What ended a command: the interruption itself where what was thrown is its consequence. Node's own waits (timers, streams, events, locks)
 * throw an `AbortError` in place of a signal's reason, or the error that became the reason, and faults may stand around any of these.
 */
export function endOf(thrown: unknown): unknown {
  return interruption.aborted && causesOf(thrown).some(isAbort) ? interruption.reason : thrown;
}

function isAbort(thrown: unknown): boolean {
  const { reason } = interruption as { reason: Error };
  return thrown === reason || thrown === reason.cause || (thrown as Partial<Error> | undefined)?.name === 'AbortError';
}

function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let one = thrown; one !== undefined && !causes.includes(one); one = (one as Error | null)?.cause)
    causes.push(one);
  return causes;
}
