import { Argument, type Command } from 'commander';
import type { Connection } from '../connector/connection.js';
import type { PrintedRequest } from '../connector/printed-requests.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { conflicts } from './option-rules.js';
import { naturalNumber } from './option-values.js';
import { print, printJson, say } from './output.js';
import { tokenOfEnvironment } from './service-token.js';

interface ConnectCommandOptions extends EngineOptions {
  readonly service: string;
  readonly index: string;
  readonly text: string;
  readonly field: string;
  readonly batch: number;
  readonly print?: boolean;
  readonly applySettings?: boolean;
  readonly json?: boolean;
}

type EngineKind = 'opensearch' | 'elasticsearch';

const EXAMPLES = `
Then any client writes text and asks for it:
  {"query": {"neural_sparse": {"splade": {"query_text": "how does a fox hunt"}}}}

Examples:
  $ termweave connect opensearch --service http://encoder:8765 --index books --text body --print
  $ termweave connect opensearch --service http://encoder:8765 --index books --text body --apply-settings
  $ termweave connect elasticsearch --service http://encoder:8765 --index books --text body --print

The service's bearer token, where it asks for one, is read from $TERMWEAVE_SERVICE_TOKEN.`;

const DISCONNECT_EXAMPLES = `
Examples:
  $ termweave disconnect opensearch --index books`;

/** `termweave connect ENGINE`: the engine encodes by itself, in its own pipelines. */
export function addConnect(program: Command): void {
  const command = program
    .command('connect')
    .description('let the engine call the encode service by itself: plain text in, plain text asked')
    .addArgument(new Argument('<ENGINE>').choices(['opensearch', 'elasticsearch']))
    .requiredOption('--service <URL>', 'the encode service, as the engine reaches it')
    .requiredOption('--index <NAME>', 'the index, or an alias of it; made if it is not there')
    .requiredOption('--text <FIELD>', 'the text field that is encoded')
    .option('--field <NAME>', 'the field that vectors go into', 'splade')
    .option('--batch <N>', 'documents that the engine sends to the service at once', naturalNumber, 32)
    .option('--print', 'show every request instead of sending it')
    .option('--apply-settings', 'change the cluster settings that need it')
    .option('--json', 'one JSON value: {"connector","model","pipeline",...}');
  conflicts(command, '--print', '--apply-settings');
  withEngineOptions(command).addHelpText('after', EXAMPLES).action(connect);
}

/** `termweave disconnect ENGINE`: takes back what `connect` made. */
export function addDisconnect(program: Command): void {
  const command = program
    .command('disconnect')
    .description('take back what `connect` made; the index stays, with its vectors')
    .addArgument(new Argument('<ENGINE>').choices(['opensearch']))
    .requiredOption('--index <NAME>', 'the index, or an alias of it')
    .option('--json', 'one JSON value: {"disconnected"}');
  withEngineOptions(command).addHelpText('after', DISCONNECT_EXAMPLES).action(disconnect);
}

async function connect(kind: EngineKind, options: ConnectCommandOptions): Promise<void> {
  const connection = await connectionFrom(kind, options);
  if (options.print) return printRequests(kind, connection, options.json);
  if (kind === 'elasticsearch') {
    throw new InvalidOption({
      asked: 'connect Elasticsearch',
      found: 'its inference plug-in could not be run for this package, so nothing is sent to it',
      remedy: 'Add --print, read the requests, and send them yourself',
    });
  }
  const { connectOpenSearch } = await import('../connector/connect-opensearch.js');
  await using engine = await openEngine(options);
  const { applySettings } = options;
  const connected = await connectOpenSearch(engine, connection, { applySettings, signal: interruption });
  if (options.json) printJson(connected);
  else
    print(
      Object.entries(connected)
        .map(([what, id]) => `${what.padEnd(15)} ${id}`)
        .join('\n'),
    );
}

async function disconnect(_kind: EngineKind, options: EngineOptions & { index: string; json?: boolean }) {
  const { disconnectOpenSearch } = await import('../connector/disconnect-opensearch.js');
  await using engine = await openEngine(options);
  const wasThere = await disconnectOpenSearch(engine, options.index, interruption);
  if (!wasThere) say(`nothing was connected to an index by the name ${options.index}`);
  if (options.json) printJson({ disconnected: options.index });
  else if (wasThere) print(`${options.index} is on its own; its vectors and the cluster settings stay`);
}

async function connectionFrom(kind: EngineKind, options: ConnectCommandOptions): Promise<Connection> {
  const { describeService } = await import('../connector/described-service.js');
  const { planFor } = await import('../mapping/vector-plan.js');
  const service = serviceUrl(options.service);
  const token = tokenOfEnvironment();
  const { model, vocabulary, batch: most } = await describeService(service, token, interruption);
  const { index, text, field, batch } = options;
  mustTakeBatch(batch, most, service);
  const plan = planFor({
    model,
    vocabulary: { fingerprint: vocabulary },
    dialect: { name: kind === 'opensearch' ? 'rank-features' : 'es-sparse-vector' },
    vectors: { [field]: { from: [text], pruning: 'none' } },
  });
  return { index, text, field, batch, service, token, plan };
}

/** @throws {InvalidOption} where the service would refuse every full batch. */
function mustTakeBatch(batch: number, most: number, service: string): void {
  if (batch <= most) return;
  throw new InvalidOption({
    asked: `--batch ${batch}`,
    found: `a service at ${service} that takes ${most} texts in a request`,
    remedy: `Name no more than ${most}, or start the service with --batch ${batch} and a --queue of several times that`,
  });
}

function serviceUrl(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isPlain = url && [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new InvalidOption({
    asked: `--service ${written}`,
    found: 'no http or https URL without credentials and query',
    remedy: 'Write it as http://host:port; a token goes into $TERMWEAVE_SERVICE_TOKEN',
  });
}

async function printRequests(kind: EngineKind, connection: Connection, json?: boolean): Promise<void> {
  const { elasticsearchRequests, openSearchRequests } = await import('../connector/printed-requests.js');
  const requests = kind === 'opensearch' ? await openSearchRequests(connection) : elasticsearchRequests(connection);
  if (kind === 'elasticsearch') say('written from the documentation of Elasticsearch; not run against it');
  if (json) printJson(requests);
  else print(requests.map(asConsole).join('\n\n'));
}

/** As the engines' own consoles take it. */
function asConsole({ method, path, body, versions }: PrintedRequest): string {
  if (versions !== undefined) return `# only for ${versions}\n${asConsole({ method, path, body })}`;
  return body ? `${method} ${path}\n${JSON.stringify(body, null, 2)}` : `${method} ${path}`;
}
