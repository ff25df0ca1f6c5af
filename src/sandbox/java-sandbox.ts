import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataFolder, openDataFolder } from './data-folder.js';
import { EngineNode } from './engine-node.js';
import { discovery, javaCommand, nodeSettings } from './node-command.js';
import { type PreparedEngine, prepareEngine } from './prepare-engine.js';
import type { Recipe } from './recipe.js';
import type { LaunchOptions, Sandbox, SandboxNode } from './sandbox.js';
import { waitForHealth } from './wait-for-health.js';

/** For each node, for they share the machine's cores. */
const DEFAULT_TIMEOUT_SECONDS = 120;

/** A sandbox of Java processes on this machine, from the engine's own artifacts. */
export async function startJavaSandbox(options: LaunchOptions): Promise<Sandbox> {
  const engine = await prepareEngine(options);
  const data = await openDataFolder(options.data);
  const sandbox = new JavaSandbox(engine.recipe, options, data, planNodes(engine, options, data.path));
  await sandbox.start();
  return sandbox;
}

class JavaSandbox implements Sandbox {
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly recipe: Recipe,
    private readonly options: LaunchOptions,
    private readonly folder: DataFolder,
    private readonly members: readonly EngineNode[],
  ) {}

  get engine() {
    return this.recipe.engine;
  }

  get version() {
    return this.recipe.version;
  }

  get data() {
    return this.folder.path;
  }

  get url() {
    return this.members[0]!.url;
  }

  get nodes(): SandboxNode[] {
    return this.members.map(({ url, ready, running }) => (running ? { url, pid: ready?.pid } : { url }));
  }

  async start(): Promise<void> {
    const { onProgress, signal } = this.options;
    onProgress?.({
      step: 'start',
      detail: `${this.engine} ${this.version}, ${this.members.length} node(s), ${this.data}`,
    });
    const before = performance.now();
    try {
      await allOf(this.members.map((node) => node.start(this.#timeout, signal)));
      await this.#introduce();
      await this.#health(this.url);
    } catch (error) {
      await this.#stopMembers();
      // Kept after a failure of the node's own: the fault names a log in it.
      if (signal?.aborted) await this.folder.remove();
      throw error;
    }
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    onProgress?.({ step: 'ready', detail: `${this.url} after ${seconds} s` });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopMembers().then(() => this.folder.remove());
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async stopNode(index: number): Promise<void> {
    await this.#member(index).stop();
  }

  async killNode(index: number): Promise<void> {
    await this.#member(index).kill();
  }

  async startNode(index: number): Promise<void> {
    const node = this.#member(index);
    if (node.running) return;
    await node.start(this.#timeout, this.options.signal);
    await this.#introduce();
    await this.#health(node.url);
  }

  get #timeout(): number {
    return this.options.timeout ?? DEFAULT_TIMEOUT_SECONDS * this.members.length;
  }

  #member(index: number): EngineNode {
    const node = this.members[index];
    if (node === undefined) throw new RangeError(`node ${index} of a sandbox with ${this.members.length}`);
    return node;
  }

  #health(url: string): Promise<void> {
    const nodes = this.members.filter(({ running }) => running).length;
    return waitForHealth(url, { nodes, timeoutSeconds: this.#timeout, signal: this.options.signal });
  }

  /** Tell every node where the others listen; they read this file again at each round of discovery, so no port is fixed ahead. */
  async #introduce(): Promise<void> {
    if (this.members.length === 1) return;
    const hosts = this.members.map(({ ready }) => `127.0.0.1:${ready!.transport}\n`).join('');
    await Promise.all(
      this.members.map(({ plan }) => writeFile(join(plan.folder, 'config', 'unicast_hosts.txt'), hosts)),
    );
  }

  async #stopMembers(): Promise<void> {
    await Promise.all(this.members.map((node) => node.stop()));
  }
}

function planNodes({ recipe, jdk, fetched }: PreparedEngine, options: LaunchOptions, data: string): EngineNode[] {
  const names = Array.from({ length: options.nodes ?? 1 }, (_, index) => `node-${index + 1}`);
  const cluster = { 'cluster.name': `termweave-${randomUUID().slice(0, 8)}`, ...discovery(recipe, names) };
  const command = javaCommand(recipe, options, fetched);
  const java = join(jdk.home, 'bin/java');
  return names.map((name) => {
    const folder = join(data, name);
    const settings = {
      ...nodeSettings(recipe, fetched, folder),
      ...cluster,
      'node.name': name,
      ...recipe.settings,
      ...options.settings,
    };
    const onSpawn = async (pid: number) => options.onSpawn?.(pid, data);
    return new EngineNode({ name, folder, java, command, settings, standing: options.standing ?? false, onSpawn });
  });
}

/** All of them, failing with the first failure only after the rest has come to its end. */
async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(tasks);
  await Promise.all(tasks);
}
