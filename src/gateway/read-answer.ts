import type { IncomingMessage } from 'node:http';
import { messageOf } from '../fault/fault.js';
import { UpstreamFailed } from './gateway-faults.js';
import { ShallowJson } from './shallow-json.js';

/** An answer's pieces as they come. @throws {UpstreamFailed} where the engine breaks off. */
export async function* piecesOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* answer;
  } catch (thrown) {
    throw new UpstreamFailed(502, messageOf(thrown), thrown);
  }
}

/** A whole answer. @throws {UpstreamFailed} */
export async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(answer)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * A whole answer of JSON, as {@link ShallowJson} reads it to a depth.
 * @throws {UpstreamFailed} also for what is no JSON. {@link AnswerTooLarge} past `mostBytes`, and no more is read.
 */
export async function shallowOf(answer: IncomingMessage, depth: number, mostBytes: number): Promise<unknown> {
  const json = new ShallowJson(depth);
  let bytes = 0;
  for await (const piece of piecesOf(answer)) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new AnswerTooLarge();
    json.see(piece);
  }
  return jsonOr502(() => json.value());
}

/** What `read` reads. @throws {UpstreamFailed} where that is no JSON. */
export function jsonOr502<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UpstreamFailed(502, 'an answer that is no JSON', cause);
  }
}

/** An answer that would have to be held whole, to be joined or explained, and is too large for that. */
export class AnswerTooLarge extends Error {
  constructor() {
    super('an answer that is too large to be held');
  }
}

/** Whether an answer comes as JSON: it does unless its request asks for another format. */
export function comesAsJson({ headers }: IncomingMessage, { format }: Readonly<Record<string, string>>): boolean {
  return (format === undefined || format === 'json') && /json|\*\/\*/i.test(headers.accept ?? '*/*');
}
