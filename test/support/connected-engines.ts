import { connect } from '../../src/engine/connect.js';
import type { Engine } from '../../src/engine/engine.js';
import { onEveryEngine } from './engines.js';

/** A `describe` for the memory engine and for every real one that `accept` takes, each with a connection that is closed at the end. */
export function onEveryConnectedEngine(
  title: string,
  suite: (engine: () => Engine) => void,
  accept?: Parameters<typeof onEveryEngine>[2],
): void {
  const connected = (url: () => Promise<string>) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await connect(await url());
    }, 120_000);
    afterAll(() => engine?.[Symbol.asyncDispose]());
    suite(() => engine);
  };
  describe(`${title} on the memory engine`, () => connected(async () => 'memory:'));
  onEveryEngine(title, ({ url }) => connected(url), accept);
}
