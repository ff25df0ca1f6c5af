import type { Command } from 'commander';
import type { Encoder } from '../encoder/encoder.js';
import type { EncodeServiceOptions } from '../service/encode-service.js';
import type { OfferedModel } from '../service/served-model.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { naturalNumber } from './option-values.js';
import { print, printJson, say } from './output.js';
import { packageVersion } from './package-version.js';
import { tokenOfEnvironment, tokenOfFile } from './service-token.js';
import {
  interrupted,
  isLoopback,
  listenAsAsked,
  type ServingOptions,
  tlsFrom,
  withServingOptions,
} from './serving-options.js';

interface ServeOptions extends ModelOptions, ServingOptions {
  readonly batch?: number;
  readonly queue?: number;
  readonly deadline?: number;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8765;

const EXAMPLES = `
Examples:
  $ termweave serve
  $ curl -s localhost:${DEFAULT_PORT}/encode -d '{"inputs":"how does a fox hunt"}' -H 'content-type: application/json'
  $ termweave serve --host 0.0.0.0 --token-file token --tls-key key.pem --tls-cert cert.pem`;

/** `termweave serve`: the encoder over HTTP. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('the encoder over HTTP: for engines that encode by themselves, and for programs in any language')
    .option('--batch <N>', 'texts in a request (default: 256)', naturalNumber)
    .option('--queue <N>', 'texts that wait or are at work; more is answered 429 (default: 512)', naturalNumber)
    .option('--deadline <MS>', 'milliseconds for an answer; then it is 429 (default: 30000)', naturalNumber)
    .option('--token-file <FILE>', 'ask for the bearer token in this file (or in $TERMWEAVE_SERVICE_TOKEN)')
    .option('--json', 'when it is ready, one JSON value: {"url","model"}');
  withModelOptions(withServingOptions(command, DEFAULT_PORT))
    .addHelpText('after', `\n--model takes several by commas; requests choose by ?model=NAME.\n${EXAMPLES}`)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { createEncodeService } = await import('../service/encode-service.js');
  const { tokenFile } = options;
  const token = tokenFile === undefined ? tokenOfEnvironment() : await tokenOfFile(tokenFile);
  const security = { token, tls: await tlsFrom(options) };
  await using models = await openModels(options);
  const { batch, queue, deadline } = options;
  const limits = Object.fromEntries(
    Object.entries({ batch, queue, deadlineMs: deadline }).filter(([, value]) => value !== undefined),
  );
  await using service = await createEncodeService({
    ...security,
    models: models.offered,
    limits,
    version: packageVersion(),
  });
  const url = await listenAsAsked(service, options);
  const model = models.offered[0].name;
  if (options.json) printJson({ url, model });
  else print(`${model} at ${url}`);
  if (!isLoopback(options) && security.token === undefined)
    say('whoever reaches this address may encode: give --token-file to ask for a token');
  await interrupted();
  say('finishing the answers that are owed');
}

/** Models that are loaded and warm. */
async function openModels(options: ServeOptions) {
  const opened: Encoder[] = [];
  const close = async () => {
    await Promise.all(opened.map((encoder) => encoder[Symbol.asyncDispose]()));
  };
  try {
    for (const model of modelNames(options.model)) {
      const encoder = await openEncoder({ ...options, model });
      opened.push(encoder);
      await warmUp(encoder);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const offered = opened.map((encoder): OfferedModel => ({ name: encoder.identity.id, encoder }));
  return { offered: offered as unknown as EncodeServiceOptions['models'], [Symbol.asyncDispose]: close };
}

/** @throws {InvalidOption} */
function modelNames(written: string): ReadonlySet<string> {
  const names = new Set(written.split(',').map((name) => name.trim()));
  if (!names.has('')) return names;
  throw new InvalidOption({
    asked: `--model ${written}`,
    found: 'a name of nothing',
    remedy: 'Write names separated by commas',
  });
}

/** One text for each thread at least, so that all of them have run once; then lone queries, whose own session is loaded with the second of them. */
async function warmUp(encoder: Encoder): Promise<void> {
  await encoder.encode(WARM_UP, { signal: interruption });
  for (const query of WARM_UP) await encoder.encode([query], { as: 'query', signal: interruption });
}

const WARM_UP = Array.from({ length: 16 }, (_, i) => `warm up ${i}`);
