import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Encoder } from '../encoder/encoder.js';
import type { EncodeService, EncodeServiceOptions } from '../service/encode-service.js';
import type { OfferedModel } from '../service/served-model.js';
import { InvalidOption } from './engine-options.js';
import { interruption } from './interruption.js';
import { type ModelOptions, modelAccess, openEncoder, withModelOptions } from './model-options.js';
import { nameList, naturalNumber } from './option-values.js';
import { print, printJson, say } from './output.js';
import { packageVersion } from './package-version.js';

interface ServeOptions extends ModelOptions {
  readonly port: number;
  readonly host: string;
  readonly batch?: number;
  readonly queue?: number;
  readonly deadline?: number;
  readonly tokenFile?: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8765;

const EXAMPLES = `
Examples:
  termweave serve
  curl -s localhost:${DEFAULT_PORT}/encode -d '{"inputs":"how does a fox hunt"}' -H 'content-type: application/json'
  termweave serve --host 0.0.0.0 --token-file token --tls-key key.pem --tls-cert cert.pem`;

/** `termweave serve`: the encoder over HTTP. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('the encoder over HTTP: for engines that encode by themselves, and for programs in any language')
    .option('--port <PORT>', 'the port; 0 takes a free one', portNumber, DEFAULT_PORT)
    .option('--host <HOST>', 'the address to listen on', '127.0.0.1')
    .option('--batch <N>', 'texts in a request (default: 256)', naturalNumber)
    .option('--queue <N>', 'texts that wait or are at work; more is answered 429 (default: 512)', naturalNumber)
    .option('--deadline <MS>', 'milliseconds for an answer; then it is 429 (default: 30000)', naturalNumber)
    .option('--token-file <FILE>', 'ask for the bearer token in this file (or in $TERMWEAVE_SERVICE_TOKEN)')
    .option('--tls-key <FILE>', 'PEM of the private key, with --tls-cert')
    .option('--tls-cert <FILE>', 'PEM of the certificate, with --tls-key')
    .option('--json', 'when it is ready, one JSON value: {"url","model"}');
  withModelOptions(command)
    .addHelpText('after', `\n--model takes several by commas; requests choose by ?model=NAME.\n${EXAMPLES}`)
    .action(serve);
}

/** Reads a port, 0 included. */
function portNumber(written: string): number {
  const port = Number(written);
  if (!/^\d+$/.test(written) || port > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}

async function serve(options: ServeOptions): Promise<void> {
  const { createEncodeService } = await import('../service/encode-service.js');
  const security = { token: await tokenFrom(options.tokenFile), tls: await tlsFrom(options) };
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
  await listen(service, options, models.offered[0].name);
  await interrupted();
  say('finishing the answers that are owed');
}

async function listen(service: EncodeService, { host, port, json, tokenFile }: ServeOptions, model: string) {
  const url = await service.listen(port, host).catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidOption({
      asked: `listen on ${host}:${port}`,
      found: cause.message,
      remedy: 'Take another --port, or 0',
      cause,
    });
  });
  if (json) printJson({ url, model });
  else print(`${model} at ${url}`);
  const isLoopback = /^(127\.|localhost$|::1$)/.test(host);
  if (!isLoopback && !tokenFile && !process.env.TERMWEAVE_SERVICE_TOKEN)
    say('whoever reaches this address may encode: give --token-file to ask for a token');
}

/** Models that are loaded and warm. */
async function openModels(options: ServeOptions) {
  const { loadTokenizer } = await import('../encoder/load-tokenizer.js');
  const names = nameList(options.model);
  const opened: Encoder[] = [];
  const close = async () => {
    await Promise.all(opened.map((encoder) => encoder[Symbol.asyncDispose]()));
  };
  try {
    for (const model of names) {
      const encoder = await openEncoder({ ...options, model });
      opened.push(encoder);
      // One text for each thread at least, so that all of them have run once.
      await encoder.encode(WARM_UP, { signal: interruption });
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const offered = opened.map(
    (encoder, i): OfferedModel => ({
      name: encoder.identity.id,
      encoder,
      tokenizer: () => loadTokenizer(names[i]!, modelAccess(options.offline)),
    }),
  );
  return { offered: offered as unknown as EncodeServiceOptions['models'], [Symbol.asyncDispose]: close };
}

const WARM_UP = Array.from({ length: 16 }, (_, i) => `warm up ${i}`);

async function tokenFrom(file: string | undefined): Promise<string | undefined> {
  const token = file === undefined ? process.env.TERMWEAVE_SERVICE_TOKEN : await readAsked(file, 'the token');
  return token?.trim() || undefined;
}

async function tlsFrom({ tlsKey, tlsCert }: ServeOptions): Promise<EncodeServiceOptions['tls']> {
  if (tlsKey === undefined && tlsCert === undefined) return undefined;
  if (tlsKey !== undefined && tlsCert !== undefined)
    return { key: await readAsked(tlsKey, 'the key'), cert: await readAsked(tlsCert, 'the certificate') };
  throw new InvalidOption({
    asked: 'TLS',
    found: `only ${tlsKey === undefined ? '--tls-cert' : '--tls-key'}`,
    remedy: 'Give both --tls-key and --tls-cert',
  });
}

async function readAsked(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new InvalidOption({ asked: `${what} in ${file}`, found: cause.message, remedy: 'Check the path', cause });
  });
}

/** Resolves when the process is asked to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    if (interruption.aborted) resolve();
    else interruption.addEventListener('abort', () => resolve(), { once: true });
  });
}
