/** The user pressed Ctrl-C, or the process was told to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const controller = new AbortController();

/** Aborts on the first SIGINT or SIGTERM. Every command hands it on, so that what is open is closed in order. */
export const interruption: AbortSignal = controller.signal;

/** Runs a command under {@link interruption}: the first signal asks it to end in order, a second one ends the process at once. */
export async function interruptible<T>(run: () => Promise<T>): Promise<T> {
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await run();
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
