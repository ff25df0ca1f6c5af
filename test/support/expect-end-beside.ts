import { connect } from 'node:net';

/** Expects `end` to be through in 2 s, beside an open connection that has sent these bytes, and that connection to be closed then. */
export async function expectEndBeside(url: string, bytes: string, end: () => PromiseLike<void>): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise((resolve) =>
    socket
      .on('close', resolve)
      .on('error', () => undefined)
      .resume(),
  );
  await new Promise((resolve) => socket.on('connect', resolve));
  socket.write(bytes);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const started = performance.now();
  await end();
  expect(performance.now() - started).toBeLessThan(2_000);
  await closed;
}
