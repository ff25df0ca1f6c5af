/** The sizes of a transformer whose layers normalise after each sum, as BERT's do. */
export interface PostNormShape {
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly positions: number;
  /** Rows of the table of text types; 0 where the network has none. */
  readonly types: number;
  /** LayerNorm's. */
  readonly epsilon: number;
  /** RoBERTa's: positions are counted from behind this token id, and tokens of it keep it as their position. */
  readonly padding?: number;
}

/** What a checkpoint calls the parts of a layer; each has a `.weight` and a `.bias`. */
interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attended: string;
  readonly attendedNorm: string;
  readonly widen: string;
  readonly narrow: string;
  readonly norm: string;
}

/** What a checkpoint calls the parts of the network. */
export interface PostNormNames {
  readonly embeddings: string;
  layer(index: number): LayerNames;
  /** The dense layer of the masked-language head, and its LayerNorm. */
  readonly transform: string;
  readonly transformNorm: string;
  /** The decoder's matrix; absent from a checkpoint, the word embeddings are meant. */
  readonly decoder: string;
  /** The decoder's bias, by the first of these names that is there: tied, the decoder has none of its own. */
  readonly biases: readonly string[];
}

/** A BERT-like network: sizes, and names in its checkpoint. */
export interface PostNormNetwork {
  readonly kind: 'post-norm';
  readonly shape: PostNormShape;
  readonly names: PostNormNames;
}

/** Names of a layer's parts in BERT, RoBERTa and XLM-RoBERTa. */
export function bertLayer(name: string): LayerNames {
  return {
    query: `${name}.attention.self.query`,
    key: `${name}.attention.self.key`,
    value: `${name}.attention.self.value`,
    attended: `${name}.attention.output.dense`,
    attendedNorm: `${name}.attention.output.LayerNorm`,
    widen: `${name}.intermediate.dense`,
    narrow: `${name}.output.dense`,
    norm: `${name}.output.LayerNorm`,
  };
}
