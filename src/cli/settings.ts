import { homedir } from 'node:os';
import { join } from 'node:path';

/** The cache folder of models, engines and their data: `TERMWEAVE_HOME`, else `termweave` under the user's cache folder. An empty variable is none (XDG Base Directory Specification). */
export function homeFolder(): string {
  return process.env.TERMWEAVE_HOME || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'termweave');
}
