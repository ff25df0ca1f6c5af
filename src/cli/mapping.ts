import { type Command, Option } from 'commander';
import { DIALECT_NAMES, type DialectName } from '../dialect/dialect.js';
import type { EngineVersion } from '../dialect/engine-version.js';
import type { IndexBody } from '../mapping/index-body.js';
import type { VectorsInSource } from '../mapping/source-handling.js';
import type { Precision } from '../model/model-identity.js';
import { DEFAULT_MODEL } from '../model/registry.js';
import type { Pruning } from '../sparse/pruning.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { openEncoder, precisionOption } from './model-options.js';
import { naturalNumber, pruneOption, TEXT_FIELDS, type TextFields, textFieldList } from './option-values.js';
import { print } from './output.js';

const EXAMPLES = `
Vectors in _source: "keep" lets documents be read back, updated in part, copied and verified; "exclude" makes _source about half as large,
but with rank_features the vectors can then never be read back, and an update in part loses them.

Examples:
  $ termweave mapping --engine opensearch@3 --text title,body
  $ termweave mapping --engine elasticsearch@9.2 --text body --analyzer english
  $ termweave mapping --like books --text title,text --url http://localhost:9200 > books-splade.json`;

interface MappingCommandOptions extends EngineOptions {
  readonly engine?: string;
  readonly dialect?: DialectName;
  readonly like?: string;
  readonly text?: TextFields;
  readonly field: string;
  readonly model: string;
  readonly maxTokens?: number;
  readonly precision?: Precision;
  readonly analyzer?: string;
  readonly vectorsInSource: VectorsInSource;
  readonly prune: Pruning;
}

/** `termweave mapping`: the body of an index with sparse vectors, for an engine or like an index that is there. */
export function addMapping(program: Command): void {
  const command = program
    .command('mapping')
    .description('print the body of a new index: for an engine, or like an index that is there')
    .option('--engine <NAME@VERSION>', 'elasticsearch@8.19, opensearch@3 (default: the engine at --url)')
    .addOption(new Option('--dialect <NAME>', "(default: the engine's best)").choices([...DIALECT_NAMES]))
    .option('--like <INDEX>', 'take over the analysis, settings and fields of this index')
    .option('--text <FIELD,FIELD>', `${TEXT_FIELDS} (default: title,text)`, textFieldList)
    .option('--field <NAME>', 'the vector field', 'splade')
    .option('--model <MODEL>', 'name, hub id or folder of the model', DEFAULT_MODEL)
    .option(
      '--max-tokens <N>',
      'where texts will be cut, in tokens (default: 256, or what the model takes)',
      naturalNumber,
    )
    .addOption(precisionOption())
    .option('--analyzer <NAME>', 'the analyzer of the text fields')
    .addOption(pruneOption('of documents, as in topK(128) or atLeast(0.05)+topK(256)'))
    .addOption(
      new Option('--vectors-in-source <HOW>', 'whether _source keeps the vectors')
        .choices(['keep', 'exclude'])
        .default('keep'),
    );
  withEngineOptions(command).addHelpText('after', EXAMPLES).action(mapping);
}

async function mapping(options: MappingCommandOptions): Promise<void> {
  print(JSON.stringify(await indexBody(options), null, 2));
}

async function indexBody(options: MappingCommandOptions): Promise<IndexBody> {
  const [{ mappingFor }, { planFor }, { dialectForNewField }] = await Promise.all([
    import('../mapping/index-body.js'),
    import('../mapping/vector-plan.js'),
    import('../dialect/choose-dialect.js'),
  ]);
  const { version, like } = await target(options);
  const { textFields: named, textWeights: weights } = options.text ?? {};
  const from = await textFields(named, like);
  const dialect = dialectForNewField(version, options.dialect);
  const { model, maxTokens, precision } = options;
  await using encoder = await openEncoder({ model, maxTokens, precision, workers: 1 });
  const plan = planFor({
    model: encoder.identity,
    vocabulary: encoder.vocabulary,
    dialect,
    vectors: { [options.field]: { from, pruning: options.prune.spec, ...(weights && { weights: [...weights] }) } },
  });
  return mappingFor({ dialect, plan, like, analyzer: options.analyzer, vectorsInSource: options.vectorsInSource });
}

async function target(options: MappingCommandOptions): Promise<{ version: EngineVersion; like?: IndexBody }> {
  const named = options.engine === undefined ? undefined : await readEngine(options.engine);
  if (named && !options.like) return { version: named };
  await using engine = await openEngine(options);
  const like = options.like ? await engine.describeIndex(options.like, { signal: interruption }) : undefined;
  return { version: named ?? engine.version, like: like as IndexBody | undefined };
}

/** Those that are named, or the usual ones. @throws {FieldsUnknown} for what an index that the new one is to be like cannot have. */
async function textFields(named: readonly string[] | undefined, like: IndexBody | undefined): Promise<string[]> {
  const { USUAL_TEXT_FIELDS } = await import('../ingest/sources/first-documents.js');
  const asked = [...(named ?? USUAL_TEXT_FIELDS)];
  if (!like) return asked;
  const { mayHoldText, mustHoldTexts } = await import('../ingest/reindex/text-fields.js');
  const held = asked.filter((field) => mayHoldText(like.mappings, field));
  const wanted = named || held.length === 0 ? asked : held;
  mustHoldTexts(like.mappings, wanted);
  return wanted;
}

async function readEngine(written: string): Promise<EngineVersion> {
  const { engineVersion } = await import('../dialect/engine-version.js');
  const match = /^(elasticsearch|opensearch)@(\d+)(\.\d+.*)?$/.exec(written);
  if (match) return engineVersion(match[1] as 'elasticsearch' | 'opensearch', `${match[2]}${match[3] ?? '.0'}`);
  throw new InvalidOption({
    asked: `--engine ${written}`,
    found: 'no engine with a version',
    remedy: 'Write elasticsearch@8.19 or opensearch@3',
  });
}
