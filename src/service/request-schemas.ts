import { z } from 'zod';
import { parsePruning } from '../sparse/pruning.js';
import { parseRounding } from './rounding.js';
import { RequestRefused } from './service-faults.js';

/** Bounds that are answered by statuses of their own stand in the description alone. */
const texts = z.array(z.string()).meta({ minItems: 1 });
const nonEmpty = z.string().meta({ minLength: 1 });

export const encodeRequest = z.object({ inputs: z.union([z.string(), texts]).describe('A text, or a list of texts') });

/** As text-embeddings-inference has it, but for token ids, which are not taken. */
export const embedSparseRequest = z.object({
  inputs: z.union([nonEmpty, z.array(nonEmpty).meta({ minItems: 1 })]),
  truncate: z
    .boolean()
    .nullish()
    .describe('Whether a text that is too long is cut; if not, it is refused. Default true'),
  truncation_direction: z.enum(['Right', 'right']).optional(),
  prompt_name: z.null().optional(),
});

export const tokenizeRequest = z.object({
  inputs: z.union([z.string(), texts]),
  add_special_tokens: z.boolean().default(true),
  prompt_name: z.null().optional(),
});

const model = z.string().optional().describe('The name of a model that is served; default the first');

/** What `parsePruning` reads, as a pattern for those who generate requests. */
const STEP = '(topK\\([1-9][0-9]{0,3}\\)|atLeast\\([0-9]{1,3}(\\.[0-9]{1,6})?\\)|ratioOfMax\\(0(\\.[0-9]{1,6})?\\))';
const PRUNINGS = `^(none|${STEP}(\\+${STEP})*)$`;

/** A plus sign that is not escaped arrives as a space. */
const pruningOf = (written: string) => parsePruning(written.replaceAll(' ', '+'));

/** The query string of requests for vectors in words; a parameter that is none would be one mistyped, and the answer another than was meant. */
export const encodeQuery = z.strictObject({
  model,
  weights: z
    .string()
    .optional()
    .describe('The hash of the weights that are meant, as x-termweave-weights says it; another model then refuses'),
  as: z.enum(['query', 'document']).default('document'),
  names: z
    .enum(['tokens', 'features'])
    .default('tokens')
    .describe('features: as `termweave index` writes them, with the dot escaped, which engines cut names at'),
  prune: z
    .string()
    .meta({ description: 'As in topK(64) or atLeast(0.05)+topK(256)', pattern: PRUNINGS })
    .default('none')
    .transform(pruningOf),
  round: z
    .string()
    .meta({ description: 'What Lucene keeps, or significant digits', pattern: '^(none|9bits|digits\\([1-9]\\))$' })
    .default('none')
    .transform(parseRounding),
});

export const modelQuery = z.object({ model });

/** @throws {RequestRefused} 422 with every complaint, for what does not fit. */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new RequestRefused('Validation', `${what} that does not fit: ${issues.join('; ')}`, 'See /openapi.json', 422);
}
