import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Tells an engine that owes something and gives nothing from one that waits: for a client that takes none of the answer, or sends none of the body. It is asked
 * each time that nothing went over the connection for as long as an engine has. Within an answer the engine is late at the second of such times, for in the
 * first the client may have been the last to wait.
 */
export class EngineSilence {
  /** Bytes that had gone over the connection when nothing had come last, if something was owed then. */
  #bytes: number | undefined;

  constructor(private readonly sent: ClientRequest) {}

  /** @param answer whose head has come, if it has. */
  isLate(answer: IncomingMessage | undefined): boolean {
    if (!answer) return true;
    const { bytesRead, bytesWritten } = answer.socket;
    const before = this.#bytes;
    this.#bytes = this.#owes(answer) ? bytesRead + bytesWritten : undefined;
    return this.#bytes !== undefined && this.#bytes === before;
  }

  #owes({ complete, readableLength, readableHighWaterMark }: IncomingMessage): boolean {
    const { writableEnded, writableNeedDrain } = this.sent;
    // Nothing is read from the connection while so much of the answer waits to be taken.
    return (writableEnded || writableNeedDrain) && !complete && readableLength < readableHighWaterMark;
  }
}
