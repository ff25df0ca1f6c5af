import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endInTime } from './end-in-time.js';
import { DataFolderInUse, NodeDied, PortInUse, StartTimeout } from './sandbox-faults.js';

/** Everything that starts one node, over and over. */
export interface NodePlan {
  readonly name: string;
  /** The node's own folder: configuration, data, logs, and what its process prints (`console.log`). */
  readonly folder: string;
  readonly java: string;
  /** JVM arguments and main class; the settings follow them. */
  readonly command: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** A standing node outlives this process; any other ends with it, however this process ends. */
  readonly standing: boolean;
  /** Told as soon as there is a process, long before it answers. */
  readonly onSpawn?: (pid: number) => Promise<void>;
}

/** Ports and process of a node that answers. */
export interface ReadyNode {
  readonly http: number;
  readonly transport: number;
  readonly pid: number;
}

const POLL_MS = 50;
const TAIL_LINES = 15;
/** Also where the engine puts its own brackets before what its process prints: `[time][WARN ][stderr ] [node-1] \tat …`. */
const STACK_FRAME = /^(\[[^\]]*\]\s*)*\s*(at |\.\.\. \d+ more)/;

/** One node of an engine as a Java process on loopback. */
export class EngineNode {
  ready: ReadyNode | undefined;
  #process: ChildProcess | undefined;

  constructor(readonly plan: NodePlan) {}

  get running(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ready?.http}`;
  }

  /**
   * Start the process and wait until the node listens. A node that ran before listens on its old HTTP port again.
   * @throws {NodeDied} {@link StartTimeout} {@link PortInUse} {@link DataFolderInUse}, or the signal's reason.
   */
  async start(timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    await mkdir(join(this.plan.folder, 'config'), { recursive: true });
    await mkdir(join(this.plan.folder, 'tmp'), { recursive: true });
    await rm(this.#readyFile, { force: true });
    this.#process = await this.#spawn();
    try {
      await this.plan.onSpawn?.(this.#process.pid!);
      this.ready = await this.#waitUntilReady(Date.now() + timeoutSeconds * 1000, timeoutSeconds, signal);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Stop cleanly (SIGTERM), by force when that takes too long. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** End at once (SIGKILL). */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  get #readyFile(): string {
    return join(this.plan.folder, 'ready.json');
  }

  get #logFile(): string {
    return join(this.plan.folder, 'console.log');
  }

  async #spawn(): Promise<ChildProcess> {
    const { folder, java, command, settings, standing } = this.plan;
    const system = {
      'termweave.config': join(folder, 'config'),
      'termweave.ready': this.#readyFile,
      'termweave.watch': String(!standing),
      'java.io.tmpdir': join(folder, 'tmp'),
    };
    const port = this.ready === undefined ? {} : { 'http.port': String(this.ready.http) };
    const log = await open(this.#logFile, 'w');
    try {
      const child = spawn(
        java,
        [
          ...Object.entries(system).map(([key, value]) => `-D${key}=${value}`),
          ...command,
          ...Object.entries({ ...settings, ...port }).map(([key, value]) => `${key}=${value}`),
        ],
        { cwd: folder, detached: standing, stdio: [standing ? 'ignore' : 'pipe', log.fd, log.fd] },
      );
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      // A program that forgets to stop its sandbox still ends, and its end stops the node.
      child.unref();
      if (child.stdin instanceof Socket) child.stdin.unref();
      return child;
    } finally {
      await log.close();
    }
  }

  async #waitUntilReady(deadline: number, seconds: number, signal?: AbortSignal): Promise<ReadyNode> {
    while (Date.now() < deadline) {
      signal?.throwIfAborted();
      const text = await readFile(this.#readyFile, 'utf8').catch(() => undefined);
      if (text !== undefined) return JSON.parse(text);
      if (!this.running) throw this.#explainDeath(await this.#log());
      await sleep(POLL_MS);
    }
    throw new StartTimeout(this.plan.name, seconds, this.#logFile, tailOf(await this.#log()));
  }

  #explainDeath(log: readonly string[]): Error {
    const tail = tailOf(log);
    const says = (pattern: RegExp) => log.some((line) => pattern.test(line));
    if (says(/BindException|BindHttpException/)) return new PortInUse(this.plan.settings['http.port'] ?? '?', tail);
    if (says(/failed to obtain node lock/)) return new DataFolderInUse(this.plan.folder, tail);
    const { exitCode, signalCode } = this.#process!;
    const how = signalCode === null ? `exit code ${exitCode}` : signalCode;
    return new NodeDied(this.plan.name, how, this.#logFile, tail);
  }

  /** What the process printed, without the frames of stack traces. */
  async #log(): Promise<string[]> {
    const text = await readFile(this.#logFile, 'utf8').catch(() => '');
    return text
      .trimEnd()
      .split('\n')
      .filter((line) => !STACK_FRAME.test(line));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    await endInTime({ runs: () => this.running, signal: (name) => void child.kill(name) }, signal);
  }
}

function tailOf(lines: readonly string[]): string {
  return lines.slice(-TAIL_LINES).join('\n');
}
