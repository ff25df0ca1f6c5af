import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findVersion } from './find-recipe.js';
import { endProcess, identifyProcess, stillRuns } from './process-identity.js';
import type { EngineName, LaunchOptions, Sandbox } from './sandbox.js';
import { SandboxDiffers } from './sandbox-faults.js';
import {
  readState,
  readStates,
  removeState,
  type StandingNode,
  type StandingState,
  standingFolder,
  writeState,
} from './standing-state.js';
import { launchSandbox } from './start-sandbox.js';
import { inTurn } from './turn-lock.js';
import { waitForHealth } from './wait-for-health.js';

/** A sandbox that stays when the program ends, as `termweave sandbox` shows it. */
export interface StandingSandbox {
  readonly engine: EngineName;
  readonly version: string;
  readonly url: string;
  readonly nodes: readonly { readonly url: string; readonly pid?: number; readonly container?: string }[];
  readonly data: string;
}

export interface ListedSandbox extends StandingSandbox {
  /** Whether all its nodes still run. */
  readonly running: boolean;
}

const ANSWER_WITHIN_SECONDS = 30;

/**
 * The running sandbox of this engine and version, or a new one that outlives this process. One engine may stand in several
 * versions side by side.
 * @throws {SandboxDiffers} when one runs with another number of nodes; else as `startSandbox`.
 */
export async function bringUp(options: LaunchOptions): Promise<StandingSandbox> {
  const name = standingName(options);
  return inTurn(join(standingFolder(options.home), `${name}.lock`), () => findOrStart(name, options), options.signal);
}

/** End what {@link bringUp} started, of one engine or of all, and answer what was ended. */
export async function takeDown(home: string, engine?: EngineName): Promise<StandingSandbox[]> {
  const states = [...(await readStates(home))].filter(([, state]) => engine === undefined || state.engine === engine);
  for (const [name, state] of states) {
    await inTurn(join(standingFolder(home), `${name}.lock`), () => endStanding(home, name, state));
  }
  return states.map(([, state]) => shown(state));
}

/** The standing sandboxes, those too whose nodes were ended by others. */
export async function listStanding(home: string): Promise<ListedSandbox[]> {
  const states = [...(await readStates(home)).values()];
  return Promise.all(states.map(async (state) => ({ ...shown(state), running: await allRun(state.nodes) })));
}

/** Engine and version, and the flavour where one was asked for: `opensearch-3.6.0+ml`. */
function standingName({ engine, version }: LaunchOptions): string {
  const flavour = version?.split('+')[1];
  return `${engine}-${findVersion(engine, version)}${flavour === undefined ? '' : `+${flavour}`}`;
}

async function findOrStart(name: string, options: LaunchOptions): Promise<StandingSandbox> {
  const standing = await readState(options.home, name);
  if (standing !== undefined && (await allRun(standing.nodes))) return found(standing, options);
  if (standing !== undefined) await endStanding(options.home, name, standing);
  const sandbox = await launchSandbox({ ...options, standing: true });
  const state = await written(sandbox, options);
  await writeState(options.home, name, state);
  return shown(state);
}

async function found(standing: StandingState, { nodes, signal }: LaunchOptions): Promise<StandingSandbox> {
  if (nodes !== undefined && nodes !== standing.nodes.length) {
    throw new SandboxDiffers(standing.engine, nodes, standing.nodes.length);
  }
  await waitForHealth(standing.url, {
    nodes: standing.nodes.length,
    timeoutSeconds: ANSWER_WITHIN_SECONDS,
    signal,
  });
  return shown(standing);
}

async function endStanding(home: string, name: string, { nodes, data, throwAway }: StandingState): Promise<void> {
  await Promise.all(nodes.map(endNode));
  if (throwAway) await rm(data, { recursive: true, force: true });
  await removeState(home, name);
}

async function endNode(node: StandingNode): Promise<void> {
  if ('process' in node) await endProcess(node.process);
  else await (await import('./container-sandbox.js')).removeContainer(node.container);
}

async function allRun(nodes: readonly StandingNode[]): Promise<boolean> {
  const running = await Promise.all(
    nodes.map(async (node) =>
      'process' in node
        ? stillRuns(node.process)
        : (await import('./container-sandbox.js')).containerRuns(node.container),
    ),
  );
  return running.every(Boolean);
}

async function written({ engine, version, url, nodes, data }: Sandbox, asked: LaunchOptions): Promise<StandingState> {
  const identified = nodes.map(async ({ url, pid, container }) =>
    container === undefined ? { url, process: (await identifyProcess(pid!))! } : { url, container },
  );
  // A container's folder is inside it, and no path of this machine.
  const throwAway = asked.data === undefined && nodes.every(({ container }) => container === undefined);
  return { engine, version, url, nodes: await Promise.all(identified), data, throwAway };
}

function shown({ engine, version, url, nodes, data }: StandingState): StandingSandbox {
  const described = nodes.map((node) =>
    'process' in node ? { url: node.url, pid: node.process.pid } : { url: node.url, container: node.container },
  );
  return { engine, version, url, nodes: described, data };
}
