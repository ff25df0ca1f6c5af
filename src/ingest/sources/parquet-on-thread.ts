import { Worker } from 'node:worker_threads';
import { messageOrEnd } from '../../encoder/message-or-end.js';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import type { Row } from './rows.js';

/** From the thread: first how many rows there are, then some of them for each question, none at the end; or why there are none. */
export type ParquetAnswer =
  | { readonly total: number }
  | { readonly rows: readonly Row[] }
  | { readonly unreadable: { readonly found: string; readonly remedy: string } };

/** The rows of a Parquet file, and how much of it has been read. */
export interface ParquetRows {
  readonly rows: AsyncGenerator<Row>;
  /** Between 0 and 1. */
  progress(): number;
}

/** Ends the threads of rows that nobody can read any more, and that nobody may have begun to read. */
const unread = new FinalizationRegistry<Worker>((worker) => void worker.terminate());

/**
 * The rows of a Parquet file, unpacked on a thread of its own: what is unpacked at once takes tenths of a second. The thread keeps the process alive only
 * while it is asked, and ends with the rows.
 * @throws {InputUnreadable}; the rows throw it where the file breaks off; and both the signal's reason when it is aborted, whatever is being unpacked.
 */
export async function parquetOnThread(path: string, signal?: AbortSignal): Promise<ParquetRows> {
  const worker = new Worker(new URL('./parquet-worker.js', import.meta.url), {
    workerData: path,
    // What the process was told of its own script, as `--input-type` or `--import`, is for no other.
    execArgv: [],
  });
  const { total } = (await answerOf(worker, path, signal)) as { total: number };
  let read = 0;
  async function* rows(): AsyncGenerator<Row> {
    try {
      for (let some = await more(); some.length > 0; some = await more()) {
        for (const row of some) {
          read++;
          yield row;
        }
      }
    } finally {
      await worker.terminate();
    }
  }
  async function more(): Promise<readonly Row[]> {
    const answer = answerOf(worker, path, signal);
    worker.postMessage('more');
    return ((await answer) as { rows: readonly Row[] }).rows;
  }
  const unpacked = rows();
  unread.register(unpacked, worker);
  return { rows: unpacked, progress: () => (total === 0 ? 1 : read / total) };
}

/** The thread's next answer. @throws {InputUnreadable} where it says why there is none, or ends, or the signal's reason; it has ended then. */
async function answerOf(worker: Worker, path: string, signal?: AbortSignal): Promise<ParquetAnswer> {
  worker.ref();
  const said = await messageOrEnd(worker, signal).catch((thrown: unknown) => ({ ended: [thrown] }));
  worker.unref();
  if (signal?.aborted) {
    await worker.terminate();
    throw signal.reason;
  }
  const answer = 'message' in said ? (said.message as ParquetAnswer) : brokenOff(said.ended[0]);
  if (!('unreadable' in answer)) return answer;
  await worker.terminate();
  throw new InputUnreadable(path, answer.unreadable.found, answer.unreadable.remedy);
}

function brokenOff(end: unknown): ParquetAnswer {
  const { code } = Object(end) as NodeJS.ErrnoException;
  const isTooLarge = code === 'ERR_WORKER_OUT_OF_MEMORY';
  const remedy = isTooLarge
    ? 'Give it more memory, with NODE_OPTIONS=--max-old-space-size=8192, or write smaller row groups'
    : 'Check that it is a whole Parquet file';
  return { unreadable: { found: `its thread ended: ${messageOf(end)}`, remedy } };
}
