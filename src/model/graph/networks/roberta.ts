import { z } from 'zod';
import { bertShape, shapeOf } from './bert.js';
import { bertLayer, type PostNormNetwork } from './post-norm-network.js';

/** The config.json of a RoBERTa or XLM-RoBERTa masked-language model, as a network. */
export const Roberta = z.object({ ...bertShape, pad_token_id: z.number().int().nonnegative() }).transform(
  (config): PostNormNetwork => ({
    kind: 'post-norm',
    shape: { ...shapeOf(config), padding: config.pad_token_id },
    names: {
      embeddings: 'roberta.embeddings',
      layer: (index) => bertLayer(`roberta.encoder.layer.${index}`),
      transform: 'lm_head.dense',
      transformNorm: 'lm_head.layer_norm',
      decoder: 'lm_head.decoder.weight',
      biases: ['lm_head.decoder.bias', 'lm_head.bias'],
    },
  }),
);
