/** The thread that encodes: tokenizer and session, one task after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { Fault, messageOf } from '../fault/fault.js';
import { maximumOf } from '../sparse/maximum-of.js';
import { batchesByLength } from './batches.js';
import { deviceNamed } from './device/device.js';
import { encodePassages } from './encode-passages.js';
import { EncoderUnusable } from './encoder-faults.js';
import { EncodingSession, type Entries } from './encoding-session.js';
import { LoneQueries } from './lone-queries.js';
import { LoneVector } from './lone-vector.js';
import { buffersOf, type EncodedText, packedTask } from './packed-task.js';
import { PositionsSession } from './positions-session.js';
import { TableQueries } from './table-queries.js';
import { tokenSpansOf } from './token-spans.js';
import { type TokenizedText, tokenizedText } from './tokenized-text.js';
import { TextTokenizer } from './tokenizer.js';
import { wordPositions } from './word-positions.js';
import {
  type AttributionTask,
  type EncodeTask,
  Shared,
  type TokenizeTask,
  type WorkerAnswer,
  type WorkerSetup,
  type WorkerTask,
} from './worker-messages.js';

const {
  model,
  device,
  threads,
  tokenizer: files,
  tokenizerFile,
  queryTable,
  prompts = {},
  maxTokens,
  shared,
  loneVector: memory,
  loneQueries,
} = workerData as WorkerSetup;
const { tokensPerBatch } = deviceNamed(device);
const loneVector = new LoneVector(memory);
const port = parentPort!;
const answer = (message: WorkerAnswer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

try {
  const tokenizer = loadTokenizer();
  const session = await EncodingSession.load(model, { device, threads });
  const lone = new LoneQueries(loneQueries);
  const table = queryTable && new TableQueries(tokenizer, queryTable, maxTokens, prompts.query);
  port.on('message', (task: WorkerTask) => {
    if ('tokenize' in task) tokenize(tokenizer, task);
    else if (!('texts' in task)) void attribute(tokenizer, table, task);
    else void perform(tokenizer, session, lone, table, task);
  });
  answer({ kind: 'ready' });
} catch (thrown) {
  if (!(thrown instanceof EncoderUnusable)) throw thrown;
  answer({ kind: 'unusable', file: thrown.file, found: thrown.found, remedy: thrown.remedy });
}

function loadTokenizer(): TextTokenizer {
  try {
    return new TextTokenizer(files);
  } catch (thrown) {
    const found = thrown instanceof Fault ? thrown.found : messageOf(thrown);
    throw new EncoderUnusable(tokenizerFile, found, 'Use the tokenizer.json that belongs to the model');
  }
}

async function perform(
  tokenizer: TextTokenizer,
  usual: EncodingSession,
  lone: LoneQueries,
  table: TableQueries | undefined,
  task: EncodeTask,
) {
  try {
    if (table && task.as === 'query') return lookUp(table, task);
    const tokens: TextTokens[] = [];
    for (const text of task.texts) {
      if (isStopped()) return answer({ kind: 'cancelled' });
      tokens.push(tokensOf(tokenizer, text, task));
    }
    const pieces = tokens.flatMap((text) => text.pieces);
    const alone = await encodeAlone(lone, task, pieces);
    if (alone) return answerAlone(tokens[0]!, alone);
    const entries = await encodeBatches(usual, pieces);
    if (!entries) return answer({ kind: 'cancelled' });
    let start = 0;
    const encoded = tokens.map((text): EncodedText => {
      const own = entries.slice(start, start + text.pieces.length);
      start += own.length;
      const whole = maximumOf(own);
      return { ...text, vectors: text.passages ? [whole, ...own] : [whole] };
    });
    answerEncoded(encoded);
  } catch (thrown) {
    answer({ kind: 'failed', found: messageOf(thrown) });
  }
}

/** The entries of a lone query, if it is one for the session that is for such, and that one can. */
async function encodeAlone(lone: LoneQueries, task: EncodeTask, pieces: readonly (readonly number[])[]) {
  const session = await lone.sessionFor(task, pieces);
  try {
    return session && (await guarded(() => session.run(pieces[0]!)));
  } catch {
    lone.drop();
    return undefined;
  }
}

/** The entries of each piece; none when stopped. */
async function encodeBatches(session: EncodingSession, pieces: readonly (readonly number[])[]) {
  const entries = new Array<Entries>(pieces.length);
  const lengths = pieces.map((ids) => ids.length);
  for (const batch of batchesByLength(lengths, tokensPerBatch)) {
    if (isStopped()) return undefined;
    const encoded = await guarded(() => session.run(batch.map((piece) => pieces[piece]!)));
    batch.forEach((piece, row) => {
      entries[piece] = encoded[row]!;
    });
  }
  return entries;
}

function isStopped(): boolean {
  return Atomics.load(shared, Shared.stop) === 1;
}

/** What goes through the model for a text: one piece, or its passages. */
interface TextTokens extends Omit<EncodedText, 'vectors'> {
  readonly pieces: readonly (readonly number[])[];
}

function tokensOf(tokenizer: TextTokenizer, text: string, { as, passages }: EncodeTask): TextTokens {
  const prompt = prompts[as];
  if (!passages) {
    const { ids, truncated } = tokenizer.encode(text, maxTokens, prompt);
    return { pieces: [ids], tokens: ids.length, truncated };
  }
  const most = Math.min(passages.tokens, maxTokens);
  const parts = encodePassages(tokenizer, text, { ...passages, tokens: most }, prompt);
  const pieces = parts.map(({ ids }) => ids);
  const tokens = pieces.reduce((sum, { length }) => sum + length, 0);
  const truncated = parts.some((part) => part.truncated);
  return { pieces, tokens, truncated, ...(passages.kept && { passages: parts }) };
}

function lookUp(table: TableQueries, { texts }: EncodeTask): void {
  const encoded = texts.map((text) => table.encode(text));
  answerEncoded(
    encoded.map(({ entries, tokens: { ids, truncated } }) => ({ vectors: [entries], tokens: ids.length, truncated })),
  );
}

function answerEncoded(texts: readonly EncodedText[]): void {
  const result = packedTask(texts);
  answer({ kind: 'encoded', result }, buffersOf(result));
}

function answerAlone(text: TextTokens, entries: Entries): void {
  if (text.passages) answerEncoded([{ ...text, vectors: [entries, entries] }]);
  else if (loneVector.write(entries, text)) answer({ kind: 'encoded-alone' });
  else answerEncoded([{ ...text, vectors: [entries] }]);
}

function tokenize(tokenizer: TextTokenizer, { tokenize: texts }: TokenizeTask) {
  try {
    const spansOf = tokenSpansOf(files.tokenizer);
    const tokenized: TokenizedText[] = [];
    for (const text of texts) {
      if (isStopped()) return answer({ kind: 'cancelled' });
      tokenized.push(tokenizedText(tokenizer, spansOf, text));
    }
    answer({ kind: 'tokenized', texts: tokenized });
  } catch (thrown) {
    answer({ kind: 'failed', found: messageOf(thrown) });
  }
}

/** Loaded with the first question, by its file. */
let positions: { readonly file: string; readonly session: PositionsSession } | undefined;

async function attribute(
  tokenizer: TextTokenizer,
  table: TableQueries | undefined,
  { positions: file, text, as, ids }: AttributionTask,
) {
  try {
    if (file === undefined) return answer({ kind: 'attributed', words: table!.wordsBehind(text, ids) });
    const words = await guarded(async () => {
      if (positions?.file !== file) positions = { file, session: await PositionsSession.load(file) };
      return positions.session.run(wordPositions(tokenizer, text, maxTokens, prompts[as]), ids);
    });
    answer({ kind: 'attributed', words });
  } catch (thrown) {
    answer({ kind: 'failed', found: messageOf(thrown) });
  }
}

/** Tells the owner while a batch is running. */
async function guarded<T>(run: () => Promise<T>): Promise<T> {
  Atomics.store(shared, Shared.running, 1);
  try {
    return await run();
  } finally {
    Atomics.store(shared, Shared.running, 0);
    Atomics.notify(shared, Shared.running);
  }
}
