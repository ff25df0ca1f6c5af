import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault, messageOf } from '../fault/fault.js';
import type { Explored } from './explored.js';
import { RequestRejected, shownFault } from './explorer-faults.js';
import { pageFile, SECURITY_HEADERS } from './page-files.js';
import { checkRequest } from './request-guard.js';
import { explorerRoutes } from './routes/explorer-routes.js';

const LOOPBACK = '127.0.0.1';

/** The explorer's page and what it asks, on loopback. Closing it ends open connections; encoder and index stay the caller's. */
export interface Explorer extends AsyncDisposable {
  /** Listens; `port` 0 takes a free one. Returns the URL. */
  listen(port: number): Promise<string>;
}

/**
 * Makes an explorer. It only reads from the engine, answers on loopback alone, and only to its own page: see `checkRequest`.
 */
export function createExplorer(explored: Explored): Explorer {
  const routes = explorerRoutes(explored);
  const server = createServer((request, response) => {
    answer(request, response, routes).catch((thrown) => answerFailure(response, thrown));
  });
  return {
    listen: (port) => listen(server, port),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve(`http://${LOOPBACK}:${(server.address() as AddressInfo).port}`));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReturnType<typeof explorerRoutes>,
): Promise<void> {
  checkRequest(request, request.socket.localPort!);
  const path = pathOf(request.url ?? '/');
  const route = routes.get(`${request.method} ${path}`);
  if (route) return answerJson(response, 200, await route(request, whoLeaves(response)));
  const file = request.method === 'POST' ? undefined : await pageFile(path);
  if (!file) throw new RequestRejected(404, path, 'nothing there');
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file.type }).end(file.content);
}

/** The path of a request's target; one that is no URL (`//`) is a path that nothing is at. */
function pathOf(target: string): string {
  const base = 'http://explorer';
  return URL.canParse(target, base) ? new URL(target, base).pathname : target;
}

/** Aborted when whoever asked is gone before the answer is. */
function whoLeaves(response: ServerResponse): AbortSignal {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  return leaving.signal;
}

function answerFailure(response: ServerResponse, thrown: unknown): void {
  const error = shownFault(thrown instanceof Fault ? thrown : defect(thrown));
  // What is left of a body that was refused is not read: the connection cannot serve another request.
  response.setHeader('connection', 'close');
  answerJson(response, statusOf(thrown), { error });
}

function defect(thrown: unknown) {
  return {
    asked: 'an answer',
    found: messageOf(thrown),
    remedy: 'This is a defect of termweave: report it',
    code: 'DEFECT',
  };
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof RequestRejected) return thrown.status;
  if (thrown instanceof Fault) return thrown.kind === 'input' ? 400 : 502;
  return 500;
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, headers).end(JSON.stringify(value));
}
