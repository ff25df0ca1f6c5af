import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Some 30 ms and 16 MB a guess: a token may be a short word. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const BYTES = 32;
const NOTE = /token scrypt ([0-9a-f]+) ([0-9a-f]+)/;

/** Tells a token from others without giving it away: engines hide a connector's credential from whoever asks, so its description speaks of it, in letters and digits, which is what a description may hold. */
export async function tokenNote(token: string): Promise<string> {
  const salt = randomBytes(16);
  return `token scrypt ${salt.toString('hex')} ${(await derive(token, salt, BYTES, COST)).toString('hex')}`;
}

/** Whether a description holds the note of this token. */
export async function isTokenOf(description: string, token: string): Promise<boolean> {
  const [, salt = '', digest = ''] = NOTE.exec(description) ?? [];
  const expected = Buffer.from(digest, 'hex');
  return (
    expected.length === BYTES && timingSafeEqual(await derive(token, Buffer.from(salt, 'hex'), BYTES, COST), expected)
  );
}
