import { InvalidOption } from './invalid-option.js';
import { readAsked } from './read-asked.js';

const VARIABLE = 'TERMWEAVE_SERVICE_TOKEN';

/** The encode service's bearer token in the environment; a variable of nothing, or of blanks alone, is none. @throws {InvalidOption} */
export function tokenOfEnvironment(): string | undefined {
  const token = process.env[VARIABLE]?.trim() || undefined;
  if (token !== undefined) mustBeToken(token, `the token in $${VARIABLE}`);
  return token;
}

/** The token in a file. @throws {InvalidOption} also for an empty file: it would leave the service open to all. */
export async function tokenOfFile(file: string): Promise<string> {
  const token = (await readAsked(file, 'the token')).trim();
  mustBeToken(token, `the token in ${file}`);
  return token;
}

function mustBeToken(token: string, asked: string): void {
  const found = token === '' ? 'an empty file: the service would be open' : 'blanks or several lines in it';
  if (token === '' || /\s/.test(token))
    throw new InvalidOption({ asked, found, remedy: 'Write one token without blanks' });
}
