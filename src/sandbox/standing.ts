import { rm } from 'node:fs/promises';
import { askedOf, mustBeAsAsked } from './as-asked.js';
import { Beginning } from './beginning.js';
import { findVersion } from './find-recipe.js';
import { endProcess, identifyProcess, type ProcessIdentity, stillRuns } from './process-identity.js';
import type { EngineName, LaunchOptions, Sandbox } from './sandbox.js';
import {
  lockFile,
  readState,
  readStates,
  removeState,
  type StandingNode,
  type StandingState,
  standingNames,
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

/** How long a command waits for its turn, and what it says meanwhile. */
export type StandingOptions = Pick<LaunchOptions, 'signal' | 'onProgress'>;

/**
 * The running sandbox of this engine and version, or a new one that outlives this process. One engine may stand in several
 * versions side by side.
 * @throws {SandboxDiffers} when one runs that is not as asked for; else as `startSandbox`.
 */
export async function bringUp(options: LaunchOptions): Promise<StandingSandbox> {
  const name = standingName(options);
  return inTurnFor(options.home, name, () => findOrStart(name, options), options);
}

/** Which of the standing sandboxes; all where nothing is said. */
export interface StandingChoice {
  readonly engine?: EngineName;
  /** As {@link bringUp} takes it: `3.8.0`, its beginning as in `7.17`, `3.6.0+ml`. */
  readonly version?: string;
}

/** End what {@link bringUp} started, of one engine, or one version of it, or all, and answer what was ended. What is being started is waited for. */
export async function takeDown(
  home: string,
  chosen: StandingChoice = {},
  options: StandingOptions = {},
): Promise<StandingSandbox[]> {
  const ended: StandingSandbox[] = [];
  for (const name of await standingNames(home)) {
    if (!isChosen(name, chosen)) continue;
    const state = await inTurnFor(home, name, () => endIfThere(home, name), options);
    if (state) ended.push(shown(state));
  }
  return ended;
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

/** @param name see {@link standingName}. */
function isChosen(name: string, { engine, version }: StandingChoice): boolean {
  const [, itsEngine, itsVersion, itsFlavour] = /^([^-]+)-([^+]+)(?:\+(.*))?$/.exec(name) ?? [];
  if (engine !== undefined && itsEngine !== engine) return false;
  if (version === undefined) return true;
  const [number, flavour] = version.split('+');
  return `${itsVersion}.`.startsWith(`${number}.`) && itsFlavour === flavour;
}

function inTurnFor<T>(
  home: string,
  name: string,
  work: () => Promise<T>,
  { signal, onProgress }: StandingOptions,
): Promise<T> {
  const onWait = ({ pid }: ProcessIdentity) =>
    onProgress?.({ step: 'wait', detail: `process ${pid} is at work on ${name}` });
  return inTurn(lockFile(home, name), work, { signal, onWait });
}

async function findOrStart(name: string, options: LaunchOptions): Promise<StandingSandbox> {
  const { home } = options;
  const standing = await readState(home, name);
  if (standing && !standing.starting && (await allRun(standing.nodes))) return found(standing, options);
  if (standing) await endStanding(home, name, standing);
  const beginning = new Beginning(name, options);
  try {
    const sandbox = await launchSandbox({ ...options, standing: true, onSpawn: beginning.onSpawn });
    const state = await written(sandbox, options);
    await writeState(home, name, state);
    return shown(state);
  } catch (thrown) {
    await removeState(home, name);
    throw thrown;
  }
}

async function found(standing: StandingState, options: LaunchOptions): Promise<StandingSandbox> {
  mustBeAsAsked(standing, options);
  await waitForHealth(standing.url, {
    nodes: standing.nodes.length,
    timeoutSeconds: ANSWER_WITHIN_SECONDS,
    signal: options.signal,
  });
  return shown(standing);
}

async function endIfThere(home: string, name: string): Promise<StandingState | undefined> {
  const state = await readState(home, name);
  if (state) await endStanding(home, name, state);
  return state;
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
  return { engine, version, url, nodes: await Promise.all(identified), data, throwAway, asked: askedOf(asked) };
}

function shown({ engine, version, url, nodes, data }: StandingState): StandingSandbox {
  const described = nodes.map((node) =>
    'process' in node ? { url: node.url, pid: node.process.pid } : { url: node.url, container: node.container },
  );
  return { engine, version, url, nodes: described, data };
}
