import pc from 'picocolors';
import type { Engine } from '../../engine/engine.js';
import { Fault } from '../../fault/fault.js';
import type { EngineName } from '../../sandbox/start-sandbox.js';
import { openEngine } from '../engine-options.js';
import { interruption } from '../interruption.js';
import { say } from '../output.js';
import { homeFolder } from '../settings.js';

/** An engine for the demo; what it started ends with it. */
export interface DemoEngine extends AsyncDisposable {
  readonly engine: Engine;
}

/**
 * The engine at `--url`, or a throw-away one; `TERMWEAVE_URL` is left alone, for the demo writes. Where none can be started and none was asked for by name, the memory engine, said
 * aloud.
 */
export async function openDemoEngine(wanted: EngineName | 'memory' | undefined, url?: string): Promise<DemoEngine> {
  if (wanted === 'memory' || url === 'memory:') return openInMemory();
  if (url !== undefined) return owned(await openEngine({ url }));
  try {
    return await startAndOpen(wanted ?? 'opensearch');
  } catch (fault) {
    if (wanted !== undefined || !(fault instanceof Fault)) throw fault;
    say(pc.yellow(`No engine could be started here (${fault.found}): going on with the engine inside this process.`));
    return openInMemory();
  }
}

async function startAndOpen(name: EngineName): Promise<DemoEngine> {
  const { startSandbox } = await import('../../sandbox/start-sandbox.js');
  const sandbox = await startSandbox({
    engine: name,
    home: homeFolder(),
    signal: interruption,
    onProgress: ({ step, detail }) => say(pc.dim(`${step} ${detail}`)),
  });
  try {
    const engine = await openEngine({ url: sandbox.url });
    return {
      engine,
      [Symbol.asyncDispose]: async () => {
        await engine[Symbol.asyncDispose]();
        await sandbox.stop();
      },
    };
  } catch (thrown) {
    await sandbox.stop();
    throw thrown;
  }
}

async function openInMemory(): Promise<DemoEngine> {
  const { connect } = await import('../../engine/connect.js');
  return owned(await connect('memory:'));
}

function owned(engine: Engine): DemoEngine {
  return { engine, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}
