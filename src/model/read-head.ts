import { join } from 'node:path';
import { z } from 'zod';
import { ModelFileBroken, ModelUnsupported } from './model-faults.js';
import { readJson, readJsonIfThere } from './read-json.js';
import { findModel } from './registry.js';

/** The head of SPLADE v2, v3 and ++ (arXiv 2109.10086): the maximum over positions of log(1 + relu(logit)). */
const SPLADE_MAX = 'max log1p relu';

/** What a model's own files say of its sparse head. */
export interface Head {
  readonly pooling: typeof SPLADE_MAX;
  /** Whether a file of the model says so. Where none does, {@link SPLADE_MAX} is taken, and whoever compiles says it aloud. */
  readonly stated: boolean;
}

const Modules = z.array(z.object({ type: z.string(), path: z.string() }));
const PoolingConfig = z.object({ pooling_strategy: z.string(), activation_function: z.string().default('relu') });

const OTHER_HEAD =
  'Take a model with maximum pooling and log(1 + relu), such as prithivida/Splade_PP_en_v1; its vectors under another head would be wrong';

/**
 * Reads a checkpoint's sparse head from sentence-transformers' `modules.json` and the pooling configuration it names, else from the
 * registry. A head that is not the one the compiler writes is refused, never replaced.
 * @throws {ModelUnsupported} {@link ModelFileBroken} {@link ModelFileMissing}
 */
export async function readHead(id: string, folder: string): Promise<Head> {
  const file = join(folder, 'modules.json');
  const json = await readJsonIfThere(file);
  if (json === undefined) return headByName(id);
  const modules = Modules.safeParse(json);
  if (!modules.success) throw new ModelFileBroken(file, 'no list of modules with type and path');
  const pooling = modules.data.find(({ type }) => type.endsWith('.SpladePooling'));
  if (!pooling) {
    const types = modules.data.map(({ type }) => type.split('.').at(-1)).join(', ');
    throw new ModelUnsupported(id, `modules ${types}: no SPLADE pooling over all texts`, OTHER_HEAD);
  }
  return { pooling: await readPooling(id, join(folder, pooling.path, 'config.json')), stated: true };
}

async function readPooling(id: string, file: string): Promise<typeof SPLADE_MAX> {
  const read = PoolingConfig.safeParse(await readJson(file, 'sparse head'));
  if (!read.success) throw new ModelFileBroken(file, 'no pooling_strategy');
  const { pooling_strategy: strategy, activation_function: activation } = read.data;
  if (strategy === 'max' && activation === 'relu') return SPLADE_MAX;
  throw new ModelUnsupported(id, `pooling ${strategy} with activation ${activation} (${file})`, OTHER_HEAD);
}

function headByName(id: string): Head {
  const known = findModel(id);
  if (known && (known.pooling !== 'max of log(1 + relu)' || known.queries !== 'encoded')) {
    throw new ModelUnsupported(id, `pooling ${known.pooling}, queries ${known.queries}`, OTHER_HEAD);
  }
  return { pooling: SPLADE_MAX, stated: known !== undefined };
}
