import { Argument, type Command, Option } from 'commander';
import type { EngineName, SandboxProgress } from '../sandbox/sandbox.js';
import type { ListedSandbox } from '../sandbox/standing.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { naturalNumber } from './option-values.js';
import { print, printJson, say, tableOf } from './output.js';
import { homeFolder } from './settings.js';

interface UpOptions {
  readonly version?: string;
  readonly nodes?: number;
  readonly via?: 'container' | 'java';
  readonly data?: string;
  readonly heap?: string;
  readonly tuned?: 'start-up' | 'throughput';
  readonly port?: number;
  readonly json?: boolean;
}

interface DownOptions {
  readonly version?: string;
  readonly json?: boolean;
}

const ENGINES: readonly EngineName[] = ['opensearch', 'elasticsearch'];

const UP = `
Examples:
  $ termweave sandbox up opensearch
  $ termweave sandbox up elasticsearch --heap 4g --tuned throughput
  $ export TERMWEAVE_URL=$(termweave sandbox up elasticsearch --version 7.17 --json | jq -r .url)`;

const STATUS = `
Examples:
  $ termweave sandbox status
  $ termweave sandbox status --json | jq -r '.[].url'`;

const DOWN = `
Examples:
  $ termweave sandbox down elasticsearch
  $ termweave sandbox down elasticsearch --version 7.17
  $ termweave sandbox down`;

/** `termweave sandbox up|down|status` */
export function addSandbox(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('a throw-away real engine on loopback')
    .addHelpText('after', UP);
  sandbox
    .command('up')
    .description('start one, or find the one that runs; it stays until it is taken down')
    .addArgument(new Argument('<ENGINE>').choices(ENGINES))
    .option('--version <V>', 'as in 3.8.0, or its beginning as in 7.17 (default: the newest known)')
    .option('--nodes <N>', 'nodes of the cluster (default: 1)', naturalNumber)
    .addOption(
      new Option('--via <WAY>', 'by a container or by Java (default: what works)').choices(['container', 'java']),
    )
    .option('--data <FOLDER>', 'keep data and logs there, also after it is taken down')
    .option('--heap <SIZE>', 'Java heap of a node, as in 512m (default: 1g)')
    .addOption(
      new Option(
        '--tuned <FOR>',
        'Java that starts quickly, or Java that serves load: measure with the latter (default: start-up)',
      ).choices(['start-up', 'throughput']),
    )
    .option('--port <PORT>', 'port of a single node (default: a free one)', naturalNumber)
    .option('--json', 'one JSON value')
    .addHelpText('after', UP)
    .action(up);
  sandbox
    .command('down')
    .description('end what `up` started')
    .addArgument(new Argument('[ENGINE]').choices(ENGINES))
    .option('--version <V>', 'that one alone, as `up` takes it (default: all versions)')
    .option('--json', 'one JSON value')
    .addHelpText('after', DOWN)
    .action(down);
  sandbox
    .command('status')
    .description('what runs')
    .option('--json', 'one JSON value')
    .addHelpText('after', STATUS)
    .action(status);
}

async function up(engine: EngineName, { json, port, ...options }: UpOptions): Promise<void> {
  const { bringUp } = await import('../sandbox/standing.js');
  const sandbox = await bringUp({ engine, ...options, ...surroundings(port) });
  if (json) printJson(sandbox);
  else print(`${sandbox.engine} ${sandbox.version} at ${sandbox.url}, data and logs in ${sandbox.data}`);
}

async function down(engine: EngineName | undefined, { version, json }: DownOptions): Promise<void> {
  if (version !== undefined && engine === undefined) {
    const remedy = 'Name the engine, too: termweave sandbox down opensearch --version 3.8.0';
    throw new InvalidOption({ asked: `sandbox down --version ${version}`, found: 'no engine', remedy });
  }
  const { takeDown } = await import('../sandbox/standing.js');
  const ended = await takeDown(homeFolder(), { engine, version }, waiting());
  if (json) printJson(ended);
  else if (ended.length === 0) print('nothing was up');
  else
    for (const { engine, version, url } of ended)
      print(`${engine} ${version} ${url === '' ? 'that was starting' : `at ${url}`} is down`);
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const { listStanding } = await import('../sandbox/standing.js');
  const sandboxes = await listStanding(homeFolder());
  if (json) printJson(sandboxes);
  else if (sandboxes.length === 0) print('nothing is up');
  else print(tableOf(['engine', 'version', 'url', 'nodes', 'runs', 'data'], sandboxes.map(rowOf)));
}

function rowOf({ engine, version, url, nodes, running, data }: ListedSandbox): (string | number)[] {
  return [engine, version, url || 'starting', nodes.length, running ? 'yes' : 'no', data];
}

/** What the room is told of this machine and this run; the room reads no environment variable by itself. */
function surroundings(port?: number) {
  return {
    home: homeFolder(),
    javaHome: process.env.JAVA_HOME,
    settings: port === undefined ? undefined : { 'http.port': String(port) },
    ...waiting(),
  };
}

/** How a command waits: until the interruption, and never without a word. */
function waiting() {
  return {
    signal: interruption,
    onProgress: ({ step, detail }: SandboxProgress) => say(`${step.padEnd(7)} ${detail}`),
  };
}
