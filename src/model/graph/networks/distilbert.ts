import { z } from 'zod';
import type { PostNormNetwork } from './post-norm-network.js';

/** transformers, `modeling_distilbert.py`: not in the configuration. */
const EPSILON = 1e-12;

/** The config.json of a DistilBERT masked-language model, as a network. */
export const DistilBert = z
  .object({
    dim: z.number().int().positive(),
    hidden_dim: z.number().int().positive(),
    n_layers: z.number().int().positive(),
    n_heads: z.number().int().positive(),
    vocab_size: z.number().int().positive(),
    max_position_embeddings: z.number().int().positive(),
    activation: z.literal('gelu'),
  })
  .transform(
    (config): PostNormNetwork => ({
      kind: 'post-norm',
      shape: {
        hidden: config.dim,
        inner: config.hidden_dim,
        layers: config.n_layers,
        heads: config.n_heads,
        vocabulary: config.vocab_size,
        positions: config.max_position_embeddings,
        types: 0,
        epsilon: EPSILON,
      },
      names: {
        embeddings: 'distilbert.embeddings',
        layer: layerNames,
        transform: 'vocab_transform',
        transformNorm: 'vocab_layer_norm',
        decoder: 'vocab_projector.weight',
        biases: ['vocab_projector.bias'],
      },
    }),
  );

function layerNames(index: number) {
  const name = `distilbert.transformer.layer.${index}`;
  return {
    query: `${name}.attention.q_lin`,
    key: `${name}.attention.k_lin`,
    value: `${name}.attention.v_lin`,
    attended: `${name}.attention.out_lin`,
    attendedNorm: `${name}.sa_layer_norm`,
    widen: `${name}.ffn.lin1`,
    narrow: `${name}.ffn.lin2`,
    norm: `${name}.output_layer_norm`,
  };
}
