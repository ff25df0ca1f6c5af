import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeService } from '../../../src/connector/described-service.js';

describe('describeService', () => {
  it('gives up a service that never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const described = describeService(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await expect(described).rejects.toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      found: expect.stringMatching(/timeout/),
    });
    silent.closeAllConnections();
    silent.close();
  }, 20_000);
});
