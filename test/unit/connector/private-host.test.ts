import { isPrivateHost } from '../../../src/connector/private-host.js';

describe('isPrivateHost', () => {
  it.each([
    ['http://127.0.0.1:8765', true],
    ['http://localhost:8765', true],
    ['http://10.1.2.3', true],
    ['http://172.31.0.9:8765', true],
    ['https://192.168.1.1', true],
    ['http://169.254.1.1', true],
    ['http://[::1]:8765', true],
    ['http://[fd00::1]:8765', true],
    ['http://[::ffff:10.0.0.1]:8765', true],
    ['http://encoder.no-such-name.invalid:8765', true],
    ['http://172.32.0.9', false],
    ['https://203.0.113.7', false],
    ['https://[2001:db8::1]', false],
  ])('%s: %s', async (url, expected) => {
    expect(await isPrivateHost(url)).toBe(expected);
  });
});
