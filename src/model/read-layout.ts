import { join } from 'node:path';
import { z } from 'zod';
import type { SparseHead } from './graph/sparse-head.js';
import { ModelFileBroken, ModelUnsupported } from './model-faults.js';
import type { Prompts } from './model-identity.js';
import { readJson, readJsonIfThere } from './read-json.js';
import { findModel } from './registry.js';

/** What a model's own files say of its parts: the network for documents, its sparse head, what encodes queries, and what stands before texts. */
export interface ModelLayout {
  /** The folder of the network: `config.json`, weights, tokenizer. */
  readonly folder: string;
  readonly head: SparseHead;
  /** Whether a file of the model, or the registry, names the head. Where none does, SPLADE v2's is taken, and whoever compiles says it aloud. */
  readonly headStated: boolean;
  /** The folder of a table of token weights for queries, which then take no inference; absent where queries go through the network. */
  readonly queryTable?: string;
  readonly prompts?: Prompts;
}

const Module = z.object({ type: z.string(), path: z.string() });
type Module = z.infer<typeof Module>;
const Modules = z.array(Module);
/** sentence-transformers' `Router` (formerly `Asym`): chains of modules for queries and for documents. */
const RouterConfig = z.object({
  types: z.record(z.string(), z.string()),
  structure: z.object({ query: z.array(z.string()), document: z.array(z.string()) }),
});
const PoolingConfig = z.object({
  pooling_strategy: z.enum(['max', 'sum']),
  activation_function: z.enum(['relu', 'log1p_relu']).default('relu'),
});
const PromptsConfig = z.looseObject({ prompts: z.record(z.string(), z.string().nullable()).nullish() });

/** SPLADE v2's, v3's and ++'s. */
const USUAL_HEAD: SparseHead = { pooling: 'max', logarithms: 1 };
const REMEDY =
  'Take a model whose modules are a masked-language model and SpladePooling, such as prithivida/Splade_PP_en_v1; its vectors under another head would be wrong';

/**
 * Reads how a checkpoint's parts belong together from sentence-transformers' `modules.json` and the configurations it names, else
 * from the registry. What the compiler cannot write is refused, never replaced.
 * @throws {ModelUnsupported} {@link ModelFileBroken} {@link ModelFileMissing}
 */
export async function readLayout(id: string, folder: string): Promise<ModelLayout> {
  const prompts = await readPrompts(folder);
  return { ...(await readParts(id, folder)), ...(prompts && { prompts }) };
}

async function readParts(id: string, folder: string): Promise<ModelLayout> {
  const file = join(folder, 'modules.json');
  const json = await readJsonIfThere(file);
  if (json === undefined) return layoutByName(id, folder);
  const modules = Modules.safeParse(json);
  if (!modules.success) throw new ModelFileBroken(file, 'no list of modules with type and path');
  const [first, ...others] = modules.data;
  if (first && others.length === 0 && ['Router', 'Asym'].includes(classOf(first)))
    return readRouter(id, join(folder, first.path));
  return readChain(id, folder, modules.data);
}

async function readRouter(id: string, folder: string): Promise<ModelLayout> {
  const newer = join(folder, 'router_config.json');
  const json = (await readJsonIfThere(newer)) ?? (await readJson(join(folder, 'config.json'), 'routes'));
  const read = RouterConfig.safeParse(json);
  if (!read.success) throw new ModelFileBroken(newer, 'no routes for queries and documents');
  const { types, structure } = read.data;
  const chain = (names: readonly string[]) => names.map((path) => ({ type: types[path] ?? 'nothing', path }));
  const layout = await readChain(id, folder, chain(structure.document));
  if (structure.query.join() === structure.document.join()) return layout;
  const [table, ...others] = chain(structure.query);
  if (table && classOf(table) === 'SparseStaticEmbedding' && others.length === 0) {
    return { ...layout, queryTable: join(folder, table.path) };
  }
  throw new ModelUnsupported(id, `a network of its own for queries: ${structure.query.join(', ')}`, REMEDY);
}

/** A masked-language model and SPLADE pooling, one after the other. */
async function readChain(id: string, folder: string, modules: readonly Module[]): Promise<ModelLayout> {
  const [network, pooling, ...others] = modules;
  if (!network || !pooling || classOf(pooling) !== 'SpladePooling' || others.length > 0) {
    throw new ModelUnsupported(
      id,
      `modules ${modules.map(classOf).join(', ')}: no SPLADE pooling of all texts`,
      REMEDY,
    );
  }
  const head = await readPooling(id, join(folder, pooling.path, 'config.json'));
  return { folder: join(folder, network.path), head, headStated: true };
}

async function readPooling(id: string, file: string): Promise<SparseHead> {
  const json = await readJson(file, 'sparse head');
  const read = PoolingConfig.safeParse(json);
  if (read.success) {
    const { pooling_strategy: pooling, activation_function: activation } = read.data;
    return { pooling, logarithms: activation === 'relu' ? 1 : 2 };
  }
  const { path } = read.error.issues[0]!;
  const value = path.length > 0 ? JSON.stringify((json as Record<string, unknown>)[String(path[0])]) : 'nothing';
  throw new ModelUnsupported(id, `${path.join('.')} ${value} (${file})`, REMEDY);
}

function classOf({ type }: Module): string {
  return type.split('.').at(-1)!;
}

/**
 * The prompts `query` and `document`, as `encode_query` and `encode_document` take them. sentence-transformers has both of them in every
 * sparse encoder, empty or not, so that neither another one nor its `default_prompt_name` comes in (sparse_encoder/model.py, 5.7 and 6.2).
 */
async function readPrompts(folder: string): Promise<Prompts | undefined> {
  const file = join(folder, 'config_sentence_transformers.json');
  const read = PromptsConfig.safeParse((await readJsonIfThere(file)) ?? {});
  if (!read.success) throw new ModelFileBroken(file, 'prompts that are no texts by name');
  const { query, document } = read.data.prompts ?? {};
  if (!query && !document) return undefined;
  return { ...(query && { query }), ...(document && { document }) };
}

/** The registry's word for a model without `modules.json`; inference-free models have their table beside the network. */
function layoutByName(id: string, folder: string): ModelLayout {
  const known = findModel(id);
  const layout = { folder, head: known?.head ?? USUAL_HEAD, headStated: known !== undefined };
  return known?.queries === 'inference-free' ? { ...layout, queryTable: folder } : layout;
}
