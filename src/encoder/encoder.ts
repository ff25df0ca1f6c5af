import pMap, { pMapIterable } from 'p-map';
import type { ModelIdentity } from '../model/model-identity.js';
import { SparseVector } from '../sparse/sparse-vector.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import { chunksOf } from './chunks-of.js';
import { type EncodeQueue, TEXTS_PER_TASK } from './encode-queue.js';
import type { Passages } from './passages.js';
import type { Role } from './role.js';
import type { TokenizedText } from './tokenized-text.js';
import type { EncodedTask } from './worker-messages.js';

/** A text's vector. */
export interface Encoded {
  readonly vector: SparseVector;
  /** Tokens that went through the model, special ones included. */
  readonly tokens: number;
  /** Whether the text was longer than the model's limit and its end was left out. */
  readonly truncated: boolean;
  /** The text's passages in their order, where `Passages.kept` asks for them; `vector` is the maximum of theirs. */
  readonly passages?: readonly EncodedPassage[];
}

/** A passage of a text, and its own vector. */
export interface EncodedPassage {
  readonly text: string;
  readonly vector: SparseVector;
}

export interface EncodeOptions {
  /** Default `document`. */
  readonly as?: Role;
  /**
   * Streams only: waits until a task is full, however slow the source of texts. Which texts go through the model together then depends on
   * nothing else, and with it the last bits of their weights.
   */
  readonly wholeTasks?: boolean;
  /** Texts that are longer than a passage in passages, so that nothing of them is left out; by default they are cut. */
  readonly passages?: Passages;
  readonly signal?: AbortSignal;
}

/**
 * Turns texts into sparse vectors, on threads of its own: the caller's event loop is never held. One encoder serves many callers
 * at once. Close it with `await using`, or `await encoder[Symbol.asyncDispose]()`.
 */
export interface Encoder extends AsyncDisposable {
  readonly vocabulary: Vocabulary;
  readonly identity: ModelIdentity;
  /**
   * Encodes texts; the answers are in the order of the texts.
   * @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted, within one batch.
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Encoded[]>;
  /**
   * Encodes a stream of any length in order, reading ahead by a bounded number of texts, in flat memory.
   * @throws as {@link encode}, also while the source gives no texts; what the source throws, after what came before.
   */
  encodeStream(texts: AsyncIterable<string> | Iterable<string>, options?: EncodeOptions): AsyncIterable<Encoded>;
  /**
   * Which word of a text called each of these vocabulary ids: the word at the position that won the maximum of max pooling, special
   * tokens, the model's prompt and punctuation aside (they stand for no word of it). Computed by a second graph, compiled when this is first asked.
   * @returns a word as it stands in the text for each id, in their order; `undefined` where the text has no words.
   */
  wordsBehind(text: string, ids: Uint32Array, options?: EncodeOptions): Promise<readonly (string | undefined)[]>;
  /**
   * All tokens of texts, in their order: uncut, without the model's prompt, and where each stands in its text.
   * @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted.
   */
  tokenize(texts: readonly string[], options?: Pick<EncodeOptions, 'signal'>): Promise<readonly TokenizedText[]>;
}

/** How long a task waits for more texts of a slow source. */
const PATIENCE_MS = 10;

/** An {@link Encoder} over worker threads. */
export class ThreadedEncoder implements Encoder {
  constructor(
    readonly vocabulary: Vocabulary,
    readonly identity: ModelIdentity,
    readonly queue: EncodeQueue,
    /** Compiles the second graph, unless it is there, and gives its file; none where a table answers. */
    private readonly positions: (as: Role) => Promise<string | undefined>,
  ) {}

  async encode(
    given: readonly string[],
    { as = 'document', passages, signal }: EncodeOptions = {},
  ): Promise<Encoded[]> {
    // They are read after waiting, too, when the caller may have other texts in its array.
    const texts = [...given];
    // A lone query does without what shares texts out: it took 0.05 ms.
    if (texts.length === 1) return this.#unpack(await this.queue.encode({ texts, as, passages }, signal), texts);
    const encoded = new Array<Encoded>(texts.length);
    const perform = async (share: readonly number[]) => {
      const task = { texts: share.map((position) => texts[position]!), as, passages };
      this.#unpack(await this.queue.encode(task, signal), task.texts).forEach((one, i) => {
        encoded[share[i]!] = one;
      });
    };
    // All at once would put every other caller behind the last of them.
    await pMap(this.#shares(texts), perform, { concurrency: this.#tasksAtOnce, signal });
    return encoded;
  }

  encodeStream(
    texts: AsyncIterable<string> | Iterable<string>,
    { as = 'document', passages, wholeTasks = false, signal }: EncodeOptions = {},
  ): AsyncIterable<Encoded> {
    const tasks = pMapIterable(
      chunksOf(texts, TEXTS_PER_TASK, wholeTasks ? Number.POSITIVE_INFINITY : PATIENCE_MS, signal),
      async (chunk) =>
        this.#unpack(await this.queue.encode({ texts: chunk, as, passages, apart: wholeTasks }, signal), chunk),
      { concurrency: this.#tasksAtOnce },
    );
    return flattened(tasks);
  }

  async wordsBehind(text: string, ids: Uint32Array, { as = 'document', signal }: EncodeOptions = {}) {
    return this.queue.pool.attribute({ positions: await this.positions(as), text, as, ids }, signal);
  }

  tokenize(texts: readonly string[], { signal }: Pick<EncodeOptions, 'signal'> = {}) {
    return this.queue.pool.tokenize([...texts], signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.queue[Symbol.asyncDispose]();
  }

  /** One more than there are threads: a thread that is done finds its next task waiting. */
  get #tasksAtOnce(): number {
    return this.queue.pool.size + 1;
  }

  /** Positions of the texts, dealt out by length so that each share takes about as long as any other. */
  #shares(texts: readonly string[]): number[][] {
    const count = Math.max(Math.min(this.queue.pool.size, texts.length), Math.ceil(texts.length / TEXTS_PER_TASK));
    const shares = Array.from({ length: count }, (): number[] => []);
    const longestFirst = [...texts.keys()].sort((a, b) => texts[b]!.length - texts[a]!.length);
    longestFirst.forEach((position, i) => {
      shares[i % count]!.push(position);
    });
    return shares;
  }

  #unpack({ sizes, ids, weights, tokens, truncated, passages }: EncodedTask, texts: readonly string[]): Encoded[] {
    let [vector, end, passage] = [0, 0, 0];
    const next = () => {
      const start = end;
      end += sizes[vector++]!;
      return new SparseVector(this.vocabulary, ids.slice(start, end), weights.slice(start, end));
    };
    const nextPassage = (text: string): EncodedPassage => {
      const { starts, ends } = passages!;
      return { text: text.slice(starts[passage], ends[passage++]), vector: next() };
    };
    return texts.map((text, i) => {
      const whole = { vector: next(), tokens: tokens[i]!, truncated: truncated[i] === 1 };
      if (!passages) return whole;
      return { ...whole, passages: Array.from({ length: passages.counts[i]! }, () => nextPassage(text)) };
    });
  }
}

async function* flattened<T>(chunks: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const chunk of chunks) yield* chunk;
}
