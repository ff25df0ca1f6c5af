import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from './process-identity.js';
import type { EngineName, LaunchOptions } from './sandbox.js';

/** A node of a standing sandbox: a process of this machine, or a container. */
export type StandingNode = { readonly url: string } & (
  | { readonly process: ProcessIdentity }
  | { readonly container: string }
);

/** What is written down of a sandbox that outlives the program which started it. */
export interface StandingState {
  readonly engine: EngineName;
  readonly version: string;
  readonly url: string;
  readonly nodes: readonly StandingNode[];
  readonly data: string;
  /** Whether the data folder is the sandbox's own and goes when it goes. */
  readonly throwAway: boolean;
  /** What was asked for that cannot be seen on what runs. */
  readonly asked: Pick<LaunchOptions, 'heap' | 'image' | 'settings' | 'tuned'>;
  /** Whether its start has not come to its end: under its lock, that it never will. */
  readonly starting?: boolean;
}

/** The folder of state files and of the data that belongs to them. */
function standingFolder(home: string): string {
  return join(home, 'sandboxes');
}

/** The state under a name, or `undefined`; a file that cannot be read as one counts as none. */
export async function readState(home: string, name: string): Promise<StandingState | undefined> {
  const text = await readFile(stateFile(home, name), 'utf8').catch(() => '');
  try {
    return { asked: {}, ...JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Every state below `home`, by name, in order of name. */
export async function readStates(home: string): Promise<Map<string, StandingState>> {
  const names = await namesOf(home, SUFFIX);
  const states = await Promise.all(names.map(async (name) => [name, await readState(home, name)] as const));
  return new Map(states.filter((entry): entry is readonly [string, StandingState] => entry[1] !== undefined));
}

/** Names that have a state, or whose sandbox somebody is starting or ending. */
export async function standingNames(home: string): Promise<string[]> {
  const names = [await namesOf(home, SUFFIX), await namesOf(home, LOCK)].flat();
  return [...new Set(names)].sort();
}

/** The file that is held while a sandbox is started or ended. */
export function lockFile(home: string, name: string): string {
  return join(standingFolder(home), `${name}${LOCK}`);
}

async function namesOf(home: string, suffix: string): Promise<string[]> {
  const files: string[] = await readdir(standingFolder(home)).catch(() => []);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

export async function writeState(home: string, name: string, state: StandingState): Promise<void> {
  await mkdir(standingFolder(home), { recursive: true });
  const partial = `${stateFile(home, name)}.partial`;
  await writeFile(partial, JSON.stringify(state, null, 2));
  await rename(partial, stateFile(home, name));
}

export async function removeState(home: string, name: string): Promise<void> {
  await rm(stateFile(home, name), { force: true });
}

const SUFFIX = '.json';
const LOCK = '.lock';

function stateFile(home: string, name: string): string {
  return join(standingFolder(home), `${name}${SUFFIX}`);
}
