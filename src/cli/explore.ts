import { once } from 'node:events';
import type { Command } from 'commander';
import type { Encoder } from '../encoder/encoder.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { openEncoder } from './model-options.js';
import { nameList } from './option-values.js';
import { print, printJson } from './output.js';
import { portNumber } from './serving-options.js';

const EXAMPLES = `
The page is served on loopback alone, asks nothing of any other host, and only reads from the engine.

Examples:
  $ termweave explore
  $ termweave explore books --port 0`;

/** Where the explorer is, unless told otherwise. */
export const DEFAULT_PORT = 7860;

interface ExploreOptions extends IndexAndEncoderOptions {
  readonly port: number;
  readonly models?: string[];
  readonly json?: boolean;
}

/** `termweave explore [INDEX]`: the local page. */
export function addExplore(program: Command): void {
  const command = program
    .command('explore [index]')
    .description('a local page: see terms while typing, BM25 beside SPLADE, what pruning changes, what an index holds')
    .option('--port <PORT>', 'the port on loopback; 0 takes a free one', portNumber, DEFAULT_PORT)
    .option('--models <LIST>', 'more models to switch to, by commas', nameList)
    .option('--json', 'when it is ready, one JSON value: {"url"}');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(exploreCommand);
}

async function exploreCommand(name: string | undefined, options: ExploreOptions): Promise<void> {
  const { mustNameModel } = await import('../model/resolve-model.js');
  for (const model of options.models ?? []) await mustNameModel(model);
  await using opened = name === undefined ? await openModel(options) : await openIndexAndEncoder(name, options);
  await explore(opened, options);
}

async function openModel({ model = 'splade-tiny', device, offline }: ExploreOptions) {
  const encoder = await openEncoder({ model, device, offline });
  return { encoder, index: undefined, [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose]() };
}

/** What is open already, and stays the caller's to close. */
interface Opened {
  readonly encoder: Encoder;
  readonly index?: SparseIndex;
}

/** Serves the page until the process is interrupted. */
export async function explore({ encoder, index }: Opened, options: Omit<ExploreOptions, 'url'>): Promise<void> {
  const { createExplorer } = await import('../explorer/create-explorer.js');
  const { OpenModels } = await import('../explorer/open-models.js');
  const { device, offline } = options;
  await using models = new OpenModels(encoder, (model) => openEncoder({ model, device, offline, workers: 1 }));
  const names = [encoder.identity.id, ...(options.models ?? [])];
  await using explorer = createExplorer({ encoder, index, models: names, openModel: (model) => models.open(model) });
  const url = await explorer.listen(options.port).catch((cause: NodeJS.ErrnoException) => {
    const remedy = 'Take another --port, or 0';
    throw new InvalidOption({ asked: `listen on port ${options.port}`, found: cause.message, remedy, cause });
  });
  if (options.json) printJson({ url });
  else print(`The explorer is at ${url}  (Ctrl-C ends it)`);
  if (!interruption.aborted) await once(interruption, 'abort');
}
