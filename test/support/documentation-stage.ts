import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { homeFolder } from '../../src/cli/settings.js';
import { loweredModule } from './lowered-module.js';
import { stageFiles } from './stage-files.js';

/** How a command of the documentation ended. */
export interface Ended {
  readonly exitCode: number | null;
  /** Both outputs, as a terminal shows them. */
  readonly output: string;
}

const CERTIFICATE =
  'openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost';

/** These commands stand until they are told to end: they must say that they are ready, and end well on SIGTERM. */
const STANDING = /^termweave (serve|gateway|explore)\b/;

/**
 * Where the documentation's commands are run: a folder with the files that it speaks of, `termweave` on the path, a home of its own for
 * engines that it brings up, an encode service and a gateway. The addresses of the pages stand for those of the stage.
 */
export class DocumentationStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'termweave-docs-'));
  private readonly standing: ChildProcess[] = [];
  private readonly addresses: [written: RegExp, real: string][] = [];

  private constructor(private readonly engine: string) {
    const bin = join(this.folder, 'bin');
    const home = join(this.folder, 'home');
    for (const made of [bin, home]) mkdirSync(made);
    for (const shared of ['models', 'compiled', 'engines']) symlinkSync(join(homeFolder(), shared), join(home, shared));
    const shim = `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/termweave.js')}' "$@"\n`;
    writeFileSync(join(bin, 'termweave'), shim, { mode: 0o755 });
    symlinkSync(resolve('examples'), join(this.folder, 'examples'));
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(resolve('.'), join(this.folder, 'node_modules/termweave'));
    for (const peer of ['@elastic', '@opensearch-project', '@langchain', '@llamaindex'])
      symlinkSync(resolve('node_modules', peer), join(this.folder, 'node_modules', peer));
    for (const [name, content] of Object.entries(stageFiles())) {
      mkdirSync(join(this.folder, name, '..'), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
  }

  /** @param engine the address of a real engine that the commands may write to. */
  static async open(engine: string): Promise<DocumentationStage> {
    const stage = new DocumentationStage(engine);
    await stage.run(CERTIFICATE);
    const service = await stage.stand('termweave serve --workers 1 --port 0 --json');
    const gateway = await stage.stand(`termweave gateway --workers 1 --upstream ${engine} --port 0 --json`);
    const addressOf = (line: string) => JSON.parse(line).url as string;
    stage.addresses.push(
      [/http:\/\/(localhost|opensearch):9200/g, engine],
      [/(http:\/\/)?(localhost|encoder):8765/g, addressOf(service)],
      [/(http:\/\/)?localhost:9201/g, addressOf(gateway)],
      // Nothing here listens beyond this machine.
      [/--host 0\.0\.0\.0/g, '--host 127.0.0.1'],
    );
    return stage;
  }

  /** A text of the documentation with the addresses of this stage in it. */
  here(text: string): string {
    return this.addresses.reduce((so, [written, real]) => so.replace(written, real), text);
  }

  /** Runs a script as bash would, stopping at the first command that fails. */
  async run(script: string): Promise<Ended> {
    const asked = this.here(script).trim();
    if (STANDING.test(asked)) return this.standAndEnd(asked);
    const child = this.spawn(asked);
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (data) => {
        output += data;
      });
    }
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, output };
  }

  /** Runs a module in which `termweave` is this package. */
  async runModule(code: string): Promise<Ended> {
    writeFileSync(join(this.folder, 'snippet.mjs'), await loweredModule(this.here(code)));
    return this.run('node snippet.mjs');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('termweave sandbox down');
    for (const child of this.standing) await ended(child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async standAndEnd(command: string): Promise<Ended> {
    const output = await this.stand(`${command.replace(/ *#.*$/gm, '')} --port 0`);
    return { exitCode: await ended(this.standing.pop()!), output };
  }

  /** Starts a command that stands, and resolves with the first line that it prints. */
  private async stand(command: string): Promise<string> {
    const child = this.spawn(`exec ${command}`);
    this.standing.push(child);
    let errors = '';
    child.stderr!.on('data', (data) => {
      errors += data;
    });
    const lines = createInterface({ input: child.stdout! });
    const closed = once(child, 'close').then(() => Promise.reject(new Error(`${command} ended: ${errors}`)));
    closed.catch(() => undefined);
    const [line] = (await Promise.race([once(lines, 'line'), closed])) as [string];
    return line;
  }

  private spawn(script: string): ChildProcess {
    const env = {
      ...process.env,
      PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
      TERMWEAVE_URL: this.engine,
      TERMWEAVE_HOME: join(this.folder, 'home'),
      NODE_OPTIONS: '',
    };
    return spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const [exitCode] = (await closed) as [number | null];
  return exitCode;
}
