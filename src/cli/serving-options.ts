import { createSecureContext } from 'node:tls';
import { type Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../fault/fault.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { readAsked } from './read-asked.js';

/** The options of every command that listens. */
export interface ServingOptions {
  readonly port: number;
  readonly host: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
}

/** Adds the options that say where a command listens, and how. */
export function withServingOptions(command: Command, port: number): Command {
  return command
    .option('--port <PORT>', 'the port; 0 takes a free one', portNumber, port)
    .option('--host <HOST>', 'the address to listen on', '127.0.0.1')
    .option('--tls-key <FILE>', 'PEM of the private key, with --tls-cert')
    .option('--tls-cert <FILE>', 'PEM of the certificate, with --tls-key');
}

/** Reads a port, 0 included. */
export function portNumber(written: string): number {
  const port = Number(written);
  if (!/^\d+$/.test(written) || port > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}

/** Listens, or says why it cannot. @throws {InvalidOption} */
export async function listenAsAsked(
  server: { listen(port: number, host: string): Promise<string> },
  { port, host }: ServingOptions,
): Promise<string> {
  try {
    return await server.listen(port, host);
  } catch (cause) {
    throw new InvalidOption({
      asked: `listen on ${host}:${port}`,
      found: (cause as Error).message,
      remedy: 'Take another --port, or 0',
      cause,
    });
  }
}

/** Whether only this machine reaches the address. */
export function isLoopback({ host }: ServingOptions): boolean {
  return /^(127\.|localhost$|::1$)/.test(host);
}

/** The key and the certificate, where both are named. @throws {InvalidOption} */
export async function tlsFrom({ tlsKey, tlsCert }: ServingOptions): Promise<{ key: string; cert: string } | undefined> {
  if (tlsKey === undefined && tlsCert === undefined) return undefined;
  if (tlsKey !== undefined && tlsCert !== undefined)
    return mustBePair({ key: await readAsked(tlsKey, 'the key'), cert: await readAsked(tlsCert, 'the certificate') });
  throw new InvalidOption({
    asked: 'TLS',
    found: `only ${tlsKey === undefined ? '--tls-cert' : '--tls-key'}`,
    remedy: 'Give both --tls-key and --tls-cert',
  });
}

/** A key and a certificate that TLS can be spoken with. @throws {InvalidOption} */
function mustBePair(pair: { key: string; cert: string }): { key: string; cert: string } {
  try {
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw new InvalidOption({
      asked: 'TLS by --tls-key and --tls-cert',
      found: messageOf(cause),
      remedy: 'Give PEM files of a private key and of the certificate that belongs to it',
      cause,
    });
  }
}

/** Resolves when the process is asked to end. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    if (interruption.aborted) resolve();
    else interruption.addEventListener('abort', () => resolve(), { once: true });
  });
}
