import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from 'testcontainers';
import { messageOf } from '../fault/fault.js';
import { DEFAULT_HEAP } from './as-asked.js';
import type { EngineName, LaunchOptions, Sandbox, SandboxNode, SandboxOptions } from './sandbox.js';
import { ContainerRuntimeMissing, ImageUnavailable, NodeDied, NotInContainer } from './sandbox-faults.js';
import { waitForHealth } from './wait-for-health.js';

const DEFAULT_TIMEOUT_SECONDS = 120;
const HTTP_PORT = 9200;

/** What an engine's published image is called, and what turns its security off; both take settings from the environment. */
interface PublishedImage {
  readonly name: string;
  readonly data: string;
  readonly environment: (heap: string) => Record<string, string>;
}

const IMAGES: Readonly<Record<EngineName, PublishedImage>> = {
  opensearch: {
    name: 'opensearchproject/opensearch',
    data: '/usr/share/opensearch/data',
    environment: (heap) => ({
      DISABLE_INSTALL_DEMO_CONFIG: 'true',
      DISABLE_SECURITY_PLUGIN: 'true',
      OPENSEARCH_JAVA_OPTS: `-Xms${heap} -Xmx${heap}`,
    }),
  },
  elasticsearch: {
    name: 'docker.elastic.co/elasticsearch/elasticsearch',
    data: '/usr/share/elasticsearch/data',
    environment: (heap) => ({ 'xpack.security.enabled': 'false', ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap}` }),
  },
};

/** As for any launch, with the whole version settled. */
export type ContainerSandboxOptions = LaunchOptions & { readonly version: string };

/**
 * A sandbox in a container, through testcontainers (which reads `DOCKER_HOST` and its own variables).
 * @throws {ContainerRuntimeMissing} {@link ImageUnavailable} {@link NotInContainer} {@link NodeDied}
 */
export async function startContainerSandbox(options: ContainerSandboxOptions): Promise<Sandbox> {
  const { engine, version, nodes = 1, data, onProgress, signal } = options;
  if (nodes > 1) throw new NotInContainer(engine, `${nodes} nodes`);
  if (data !== undefined) throw new NotInContainer(engine, `data in ${data}`);
  const image = options.image ?? `${IMAGES[engine].name}:${version}`;
  await mustHaveImage(image, options);
  signal?.throwIfAborted();
  onProgress?.({ step: 'start', detail: `${image} in a container` });
  const before = performance.now();
  const port = Number(options.settings?.['http.port'] ?? (await freePort()));
  const id = await startContainer(image, port, options);
  const sandbox = new ContainerSandbox(options, id, `http://127.0.0.1:${port}`);
  try {
    await sandbox.healthy();
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
  onProgress?.({ step: 'ready', detail: `${sandbox.url} after ${((performance.now() - before) / 1000).toFixed(1)} s` });
  return sandbox;
}

/** Stop and remove a container; one that is gone already is left alone. */
export async function removeContainer(id: string): Promise<void> {
  const container = await containerOf(id);
  await container.remove({ force: true, v: true }).catch(ignoreMissing);
}

/** Whether a container runs; not where no engine for containers answers. */
export async function containerRuns(id: string): Promise<boolean> {
  try {
    return (await (await containerOf(id)).inspect()).State.Running;
  } catch {
    return false;
  }
}

class ContainerSandbox implements Sandbox {
  readonly engine: EngineName;
  readonly version: string;
  readonly data: string;

  constructor(
    private readonly options: ContainerSandboxOptions,
    private readonly id: string,
    readonly url: string,
  ) {
    this.engine = options.engine;
    this.version = options.version;
    this.data = IMAGES[options.engine].data;
  }

  get nodes(): SandboxNode[] {
    return [{ url: this.url, container: this.id }];
  }

  healthy(): Promise<void> {
    const { timeout = DEFAULT_TIMEOUT_SECONDS, signal } = this.options;
    return waitForHealth(this.url, { nodes: 1, timeoutSeconds: timeout, signal });
  }

  stop(): Promise<void> {
    return removeContainer(this.id);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async stopNode(index: number): Promise<void> {
    await (await this.#node(index)).stop();
  }

  async killNode(index: number): Promise<void> {
    await (await this.#node(index)).kill();
  }

  async startNode(index: number): Promise<void> {
    await (await this.#node(index)).start();
    await this.healthy();
  }

  #node(index: number) {
    if (index !== 0) throw new RangeError(`node ${index} of a sandbox with 1`);
    return containerOf(this.id);
  }
}

/** testcontainers publishes ports on every address of the machine; an engine without a password belongs on loopback only. */
class LoopbackContainer extends GenericContainer {
  constructor(
    image: string,
    private readonly hostPort: number,
  ) {
    super(image);
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = { [`${HTTP_PORT}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(this.hostPort) }] };
  }
}

async function startContainer(image: string, port: number, options: ContainerSandboxOptions): Promise<string> {
  const { engine, heap = DEFAULT_HEAP, settings = {}, timeout = DEFAULT_TIMEOUT_SECONDS, standing = false } = options;
  const { 'http.port': _published, ...inside } = settings;
  const environment = { 'discovery.type': 'single-node', ...IMAGES[engine].environment(heap), ...inside };
  const log = new LogTail();
  const container = new LoopbackContainer(image, port)
    .withExposedPorts(HTTP_PORT)
    .withEnvironment(environment)
    .withAutoCleanup(!standing)
    .withLogConsumer((stream) => stream.on('data', (chunk) => log.add(String(chunk))))
    .withWaitStrategy(Wait.forHttp('/_cluster/health', HTTP_PORT))
    .withStartupTimeout(timeout * 1000);
  try {
    return (await container.start()).getId();
  } catch (error) {
    throw new NodeDied(`${image} in a container`, messageOf(error), `docker logs, while it is there`, log.text);
  }
}

/** The last of what a container printed: when it does not start it is removed, and its log with it. */
class LogTail {
  text = '';

  add(chunk: string): void {
    this.text = (this.text + chunk).slice(-KEPT_CHARACTERS);
  }
}

const KEPT_CHARACTERS = 3_000;

async function mustHaveImage(image: string, { onProgress }: SandboxOptions): Promise<void> {
  const client = await runtime();
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  onProgress?.({ step: 'pull', detail: image });
  await client.image.pull(name).catch((error) => {
    throw new ImageUnavailable(image, error);
  });
}

async function runtime() {
  return getContainerRuntimeClient().catch((error) => {
    throw new ContainerRuntimeMissing(error);
  });
}

async function containerOf(id: string) {
  return (await runtime()).container.getById(id);
}

function ignoreMissing(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

/** A port that nobody holds now: one that is published keeps its number while its container is stopped and started. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
