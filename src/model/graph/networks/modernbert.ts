import { z } from 'zod';

/** ModernBERT's parts (transformers, `ModernBertConfig`): layers that normalise before, rotary positions, gated feed-forward. */
export interface ModernBertNetwork {
  readonly kind: 'modernbert';
  readonly hidden: number;
  readonly inner: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly epsilon: number;
  /** Of each layer: whether its attention reaches over the whole text, or over `window` positions to either side. */
  readonly isGlobal: readonly boolean[];
  readonly window: number;
  /** The base of the rotary positions' wavelengths, in layers of either kind. */
  readonly theta: { readonly global: number; readonly local: number };
}

const no = z.literal(false).default(false);
const layerType = z.enum(['full_attention', 'sliding_attention']);
const rope = z.object({ rope_theta: z.number().positive(), rope_type: z.literal('default').default('default') });

/** The config.json of a ModernBERT masked-language model, as a network; older files say some things by other names. */
export const ModernBert = z
  .object({
    hidden_size: z.number().int().positive(),
    intermediate_size: z.number().int().positive(),
    num_hidden_layers: z.number().int().positive(),
    num_attention_heads: z.number().int().positive(),
    vocab_size: z.number().int().positive(),
    max_position_embeddings: z.number().int().positive(),
    norm_eps: z.number().positive(),
    hidden_activation: z.literal('gelu'),
    classifier_activation: z.literal('gelu').default('gelu'),
    attention_bias: no,
    mlp_bias: no,
    norm_bias: no,
    classifier_bias: no,
    decoder_bias: z.literal(true).default(true),
    local_attention: z.number().int().positive(),
    layer_types: z.array(layerType).nullish(),
    global_attn_every_n_layers: z.number().int().positive().default(3),
    rope_parameters: z.object({ full_attention: rope, sliding_attention: rope }).nullish(),
    global_rope_theta: z.number().positive().default(160_000),
    local_rope_theta: z.number().positive().default(10_000),
  })
  .transform((config): ModernBertNetwork => {
    const { layer_types: types, rope_parameters: ropes, num_hidden_layers: layers } = config;
    return {
      kind: 'modernbert',
      hidden: config.hidden_size,
      inner: config.intermediate_size,
      heads: config.num_attention_heads,
      vocabulary: config.vocab_size,
      positions: config.max_position_embeddings,
      epsilon: config.norm_eps,
      isGlobal: Array.from({ length: layers }, (_, layer) =>
        types ? types[layer] === 'full_attention' : layer % config.global_attn_every_n_layers === 0,
      ),
      window: Math.floor(config.local_attention / 2),
      theta: {
        global: ropes?.full_attention.rope_theta ?? config.global_rope_theta,
        local: ropes?.sliding_attention.rope_theta ?? config.local_rope_theta,
      },
    };
  });
