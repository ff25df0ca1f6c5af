import type { DeviceName, Prompts } from '../model/model-identity.js';
import type { Passages } from './passages.js';
import type { Role } from './role.js';
import type { TokenizedText } from './tokenized-text.js';
import type { TokenizerFiles } from './tokenizer.js';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly model: string;
  readonly device: DeviceName;
  /** Of its session. */
  readonly threads: number;
  readonly tokenizer: TokenizerFiles;
  readonly tokenizerFile: string;
  /** See {@link Shared}. */
  readonly shared: Int32Array;
  readonly prompts?: Prompts;
  readonly maxTokens: number;
  /** A weight for each vocabulary id, where queries take no inference. */
  readonly queryTable?: Float32Array;
  /** See `LoneVector`. */
  readonly loneVector: SharedArrayBuffer;
  /** A second graph, and the threads of its session, for lone queries. */
  readonly loneQueries?: { readonly file: string; readonly threads: number };
}

/** To the worker: encode these texts. */
export interface EncodeTask {
  readonly texts: readonly string[];
  readonly as: Role;
  /** Long texts in passages; without it their end is left out. */
  readonly passages?: Passages;
  /** Its texts go through the model without those of other tasks. */
  readonly apart?: boolean;
  /** Nothing else is at work or waits: the text may have every core. */
  readonly alone?: boolean;
}

/**
 * To the worker: which words of a text called these vocabulary ids? `positions` is the file of the model's second graph; without it,
 * the table of queries' weights answers.
 */
export interface AttributionTask {
  readonly positions: string | undefined;
  readonly text: string;
  readonly as: Role;
  readonly ids: Uint32Array;
}

/** To the worker: which tokens do these texts have? */
export interface TokenizeTask {
  readonly tokenize: readonly string[];
}

export type WorkerTask = EncodeTask | AttributionTask | TokenizeTask;

/** Places in the memory that a worker shares with its owner: 1 for yes, 0 for no. */
export const Shared = {
  /** Owner to worker: stop before the next batch. */
  stop: 0,
  /** Worker to owner: a batch is running. The process must not end now, or onnxruntime brings it down with an abort. */
  running: 1,
} as const;

/**
 * From the worker, for all texts of a task in order: vector `i` has `sizes[i]` entries, which follow those of vector `i - 1` in
 * `ids` and `weights`. A text has one vector or, where its passages are kept, one and those of its passages after it. Of text `i`,
 * `tokens[i]` tokens were encoded; `truncated[i]` is 1 if some were left out.
 */
export interface EncodedTask {
  readonly sizes: Uint32Array;
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
  readonly tokens: Uint32Array;
  readonly truncated: Uint8Array;
  readonly passages?: PassageBounds;
}

/** Where kept passages stand in their texts: text `i` has `counts[i]` of them, passage `j` of the task begins at `starts[j]` and ends before `ends[j]`. */
export interface PassageBounds {
  readonly counts: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** From the worker: ready, or unusable (the model cannot be loaded); vectors (of a lone query in shared memory), words or tokens, stopped because cancelled, or failed. */
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly file: string; readonly found: string; readonly remedy: string }
  | { readonly kind: 'encoded'; readonly result: EncodedTask }
  | { readonly kind: 'encoded-alone' }
  | { readonly kind: 'attributed'; readonly words: readonly (string | undefined)[] }
  | { readonly kind: 'tokenized'; readonly texts: readonly TokenizedText[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly found: string };
