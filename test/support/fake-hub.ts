import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { listening } from './served.js';

export interface FakeHubOptions {
  /** Milliseconds before each piece of a file; without, a file is sent at once. */
  readonly pause?: number;
  /** Sends this instead of what a file holds. */
  readonly sent?: (path: string, contents: Buffer) => Buffer;
}

/** A hub of one model, `owner/model`, by HTTP on loopback: its commit, the list of its files, and the files, also from a byte on. */
export async function fakeHub(
  files: Readonly<Record<string, string | Buffer>>,
  { pause, sent = (_, contents) => contents }: FakeHubOptions = {},
) {
  const hub = { commit: '1'.repeat(40), files: new Map(Object.entries(files)), asked: [] as string[] };
  const tree = () => [...hub.files].map(([path, contents]) => entryOf(path, Buffer.from(contents)));
  const server = await listening(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://hub');
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    hub.asked.push(range === undefined ? pathname : `${pathname} from ${range}`);
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (pathname === '/api/models/owner/model/revision/HEAD') {
      return json({ _id: '1', id: 'owner/model', sha: hub.commit, lastModified: '2026-01-01T00:00:00.000Z' });
    }
    if (pathname === `/api/models/owner/model/tree/${hub.commit}`) return json(tree());
    const path = pathname.replace(`/owner/model/resolve/${hub.commit}/`, '');
    const contents = hub.files.get(path);
    if (contents === undefined) return response.writeHead(404).end('{}');
    return send(response, sent(path, Buffer.from(contents)), { range, pause });
  });
  return Object.assign(hub, { url: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() });
}

async function send(
  response: ServerResponse,
  contents: Buffer,
  { range, pause }: { readonly range: string | undefined; readonly pause: number | undefined },
): Promise<void> {
  const start = Number(range ?? 0);
  if (start > 0 && start >= contents.length) {
    response.writeHead(416).end();
    return;
  }
  response.writeHead(range === undefined ? 200 : 206, { 'content-length': contents.length - start });
  const piece = pause === undefined ? contents.length : Math.ceil(contents.length / 10);
  for (let at = start; at < contents.length && !response.destroyed; at += piece) {
    await wait(pause ?? 0);
    response.write(contents.subarray(at, at + piece));
  }
  response.end();
}

/** As the hub lists a file: by git's SHA-1, a large one also by its SHA-256. */
function entryOf(path: string, contents: Buffer) {
  const oid = gitSha1(contents);
  const large = { oid: createHash('sha256').update(contents).digest('hex'), size: contents.length, pointerSize: 130 };
  return {
    type: 'file',
    path,
    oid,
    size: contents.length,
    ...(path.endsWith('.safetensors') && { lfs: large }),
  };
}

/** The name git gives to contents. */
export function gitSha1(contents: Buffer): string {
  return createHash('sha1').update(`blob ${contents.length}\0`).update(contents).digest('hex');
}
