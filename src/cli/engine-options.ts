import type { Command } from 'commander';
import { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import { nodeAddresses } from '../engine/node-addresses.js';
import type { Credentials } from '../engine/transport.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { readAsked } from './read-asked.js';

/** The options of every command that talks to an engine. */
export interface EngineOptions {
  readonly url?: string;
  readonly credentials?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
}

/** Adds the options that say where the engine is and how to get in. @param memory whether the command can do with the engine inside its process. */
export function withEngineOptions(command: Command, { memory = false } = {}): Command {
  const places = ['http://host:port', 'several nodes by commas', ...(memory ? ['or memory:'] : [])].join(', ');
  return command
    .option('--url <URL>', `the engine: ${places} (default: $TERMWEAVE_URL)`)
    .option('--credentials <FILE>', 'JSON file: {"username","password"}, {"apiKey"} or {"bearer"}')
    .option('--ca <FILE>', "PEM of the authority that signed the engine's certificate")
    .option('--insecure', 'accept any certificate: for throw-away engines only');
}

/** Whether options or environment say where the engine is. */
export function isEngineNamed({ url }: EngineOptions): boolean {
  return Boolean(url ?? process.env.TERMWEAVE_URL);
}

/**
 * Connects to the engine that options and environment name. Credentials come from a file or from the environment
 * (`TERMWEAVE_USERNAME` and `TERMWEAVE_PASSWORD`, `TERMWEAVE_API_KEY`, `TERMWEAVE_TOKEN`, or inside `TERMWEAVE_URL`), never from an argument, where every
 * user of the machine could read them.
 * @throws {InvalidOption} also for `memory:`: that engine is empty when the command begins and gone when it ends.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const url = options.url ?? process.env.TERMWEAVE_URL;
  if (!url) {
    throw new InvalidOption({
      asked: 'an engine to talk to',
      found: 'neither --url nor TERMWEAVE_URL',
      remedy:
        'Give --url http://host:port; `termweave sandbox up opensearch` starts a throw-away one and prints its URL',
    });
  }
  mustOutlive(url);
  if (options.url !== undefined) mustNotBeRead(options.url);
  const { connect } = await import('../engine/connect.js');
  return connect(url, {
    credentials: await credentialsFrom(options.credentials),
    certificateAuthority: options.ca && (await readAsked(options.ca, 'the certificate authority')),
    insecure: options.insecure,
    signal: interruption,
  });
}

function mustOutlive(url: string): void {
  if (url !== 'memory:') return;
  throw new InvalidOption({
    asked: 'the engine at memory:',
    found: 'one that is empty when this command begins, and gone when it ends',
    remedy: 'Give --url http://host:port; `termweave eval`, `tune` and `demo` work in memory',
  });
}

function mustNotBeRead(url: string): void {
  if (!nodeAddresses(url).credentials) return;
  throw new InvalidOption({
    asked: 'credentials inside --url',
    found: 'a user name in an argument, which every user of this machine can read',
    remedy: 'Set TERMWEAVE_URL or TERMWEAVE_USERNAME and TERMWEAVE_PASSWORD, or use --credentials FILE',
  });
}

const credentialsFile = z.union([
  z.object({ username: z.string(), password: z.string() }),
  z.object({ apiKey: z.string() }),
  z.object({ bearer: z.string() }),
]);

async function credentialsFrom(file: string | undefined): Promise<Credentials | undefined> {
  if (file) {
    const read = credentialsFile.safeParse(parseJson(await readAsked(file, 'the credentials')));
    if (read.success) return read.data;
    throw new InvalidOption({
      asked: `credentials from ${file}`,
      found: 'none of the forms that are understood',
      remedy: 'Write {"username":"…","password":"…"}, {"apiKey":"…"} or {"bearer":"…"}',
    });
  }
  const { TERMWEAVE_USERNAME: username, TERMWEAVE_PASSWORD: password, TERMWEAVE_API_KEY: apiKey } = process.env;
  if (username && password !== undefined) return { username, password };
  if (apiKey) return { apiKey };
  return process.env.TERMWEAVE_TOKEN ? { bearer: process.env.TERMWEAVE_TOKEN } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
