import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { RequestRejected } from './explorer-faults.js';

const MOST_BYTES = 1_000_000;

/** A request's JSON body, checked. @throws {RequestRejected} */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parseJson(await textOf(request)));
  if (parsed.success) return parsed.data;
  const found = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new RequestRejected(400, `POST ${request.url}`, found, 'Send what the page sends');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES)
      throw new RequestRejected(413, `POST ${request.url}`, `more than ${MOST_BYTES} bytes`, 'Send a shorter text');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
