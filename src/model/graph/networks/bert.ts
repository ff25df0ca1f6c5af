import { z } from 'zod';
import { bertLayer, type PostNormNetwork } from './post-norm-network.js';

/** What BERT and RoBERTa both have in their config.json (transformers, `BertConfig`, `RobertaConfig`). */
export const bertShape = {
  hidden_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  vocab_size: z.number().int().positive(),
  type_vocab_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive(),
  layer_norm_eps: z.number().positive(),
  hidden_act: z.literal('gelu'),
  position_embedding_type: z.literal('absolute').optional(),
};

/** The config.json of a BERT masked-language model, as a network. */
export const Bert = z.object(bertShape).transform(
  (config): PostNormNetwork => ({
    kind: 'post-norm',
    shape: shapeOf(config),
    names: {
      embeddings: 'bert.embeddings',
      layer: (index) => bertLayer(`bert.encoder.layer.${index}`),
      transform: 'cls.predictions.transform.dense',
      transformNorm: 'cls.predictions.transform.LayerNorm',
      decoder: 'cls.predictions.decoder.weight',
      biases: ['cls.predictions.decoder.bias', 'cls.predictions.bias'],
    },
  }),
);

export function shapeOf(config: z.infer<z.ZodObject<typeof bertShape>>) {
  return {
    hidden: config.hidden_size,
    inner: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
    types: config.type_vocab_size,
    epsilon: config.layer_norm_eps,
  };
}
