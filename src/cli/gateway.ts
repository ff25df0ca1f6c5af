import { type Command, Option } from 'commander';
import type { Mode } from '../gateway/exchange.js';
import { type AskingOptions, askingOf, strategyOf, withAskingOptions } from './asking-options.js';
import { type EngineOptions, openEngine } from './engine-options.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { print, printJson, say } from './output.js';
import { readAsked } from './read-asked.js';
import {
  interrupted,
  isLoopback,
  listenAsAsked,
  type ServingOptions,
  tlsFrom,
  withServingOptions,
} from './serving-options.js';

interface GatewayCommandOptions extends ModelOptions, ServingOptions, AskingOptions, Omit<EngineOptions, 'url'> {
  readonly upstream: string;
  readonly mode: Mode;
  readonly encoderFailure: 'lexical' | 'refuse';
  readonly plans?: string;
  readonly accessLog?: boolean;
  readonly json?: boolean;
}

const DEFAULT_PORT = 9201;

const EXAMPLES = `
Applications change a URL. Searches on indices that have a plan (termweave index, termweave reindex) are asked by SPLADE, documents written
to them get their vectors, everything else passes byte for byte. A request says otherwise by the header x-termweave: off, replace, add, rescore or
hybrid; answers say what was done by x-termweave-applied.

Examples:
  $ termweave gateway --upstream http://localhost:9200
  $ curl localhost:${DEFAULT_PORT}/books/_search -H 'content-type: application/json' -d '{"query":{"match":{"text":"how does a fox hunt"}}}' -i`;

/** `termweave gateway`: a reverse proxy that speaks the engine's own protocol. */
export function addGateway(program: Command): void {
  const command = program
    .command('gateway')
    .description('a proxy before the engine: applications in any language ask by SPLADE, unchanged')
    .requiredOption('--upstream <URL>', 'the engine; requests go there and nowhere else')
    .addOption(
      new Option('--mode <MODE>', 'how searches are asked that say nothing of it')
        .choices(['off', 'replace', 'add', 'rescore', 'hybrid'])
        .default('replace'),
    )
    .addOption(
      new Option('--encoder-failure <POLICY>', 'a search when the encoder fails: asked as it stands, or 503')
        .choices(['lexical', 'refuse'])
        .default('lexical'),
    )
    .option('--plans <FILE>', 'JSON {"INDEX": PLAN or null}: plans that go before those of the mappings')
    .option('--credentials <FILE>', 'JSON file, to ask for the version of the engine; requests bring their own')
    .option('--ca <FILE>', "PEM of the authority that signed the engine's certificate")
    .option('--insecure', "accept any certificate of the engine's")
    .option('--access-log', 'a JSON line on stderr for each answer, without texts')
    .option('--json', 'when it is ready, one JSON value: {"url","upstream"}');
  withAskingOptions(command, '--mode');
  withModelOptions(withServingOptions(command, DEFAULT_PORT)).addHelpText('after', EXAMPLES).action(gateway);
}

async function gateway(options: GatewayCommandOptions): Promise<void> {
  const [{ createGateway }, { readPlanFile }] = await Promise.all([
    import('../gateway/gateway.js'),
    import('../gateway/plan-overrides.js'),
  ]);
  const plans = options.plans === undefined ? undefined : await readPlanFile(options.plans);
  const asking = await askingOf(options);
  const tls = await tlsFrom(options);
  const { url, version } = await describeUpstream(options);
  await using encoder = await openEncoder(options);
  await using proxy = createGateway({
    upstream: {
      url,
      certificateAuthority: options.ca && (await readAsked(options.ca, 'the certificate authority')),
      insecure: options.insecure,
    },
    version,
    encoder,
    mode: strategyOf(asking) ?? options.mode,
    ...asking,
    plans,
    onEncoderFailure: options.encoderFailure,
    tls,
    onAnswered: options.accessLog ? (access) => say(JSON.stringify(access)) : undefined,
  });
  const listening = await listenAsAsked(proxy, options);
  if (options.json) printJson({ url: listening, upstream: url });
  else print(`${listening} before ${version.flavour} ${version.text} at ${url}`);
  if (!isLoopback(options))
    say('whoever reaches this address reaches the engine, with the rights that the engine gives');
  await interrupted();
  say('finishing the answers that are owed');
}

async function describeUpstream(options: GatewayCommandOptions) {
  await using engine = await openEngine({ ...options, url: options.upstream });
  return { url: engine.url, version: engine.version };
}
