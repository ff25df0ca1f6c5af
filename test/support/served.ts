import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEncodeService, type EncodeServiceOptions } from '../../src/service/encode-service.js';
import type { OfferedModel } from '../../src/service/served-model.js';

type Options = Partial<EncodeServiceOptions>;

/** An encode service over one encoder on a free port of loopback. */
export async function served(encoder: OfferedModel['encoder'], options: Options = {}) {
  const models = [{ name: 'tiny', encoder }] as const;
  const service = await createEncodeService({ models, ...options });
  const url = await service.listen(0);
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: an answer, looked at by the test that asked
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  };
  return { url, post, service, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** A server of one handler on a free port of loopback. */
export async function listening(handler: Parameters<typeof createServer>[1]) {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
