/** The engines that a sandbox can be. */
export type EngineName = 'opensearch' | 'elasticsearch';

/** One node of a sandbox: `pid` while it runs as a process of this machine, `container` where it runs in one. */
export interface SandboxNode {
  /** `http://127.0.0.1:PORT`; a node that was stopped and started again keeps its port. */
  readonly url: string;
  readonly pid?: number;
  readonly container?: string;
}

/** A running throw-away engine on loopback. Disposing of it stops it. */
export interface Sandbox extends AsyncDisposable {
  readonly engine: EngineName;
  readonly version: string;
  /** The first node's address. */
  readonly url: string;
  readonly nodes: readonly SandboxNode[];
  /** The folder with data, logs and configuration, one subfolder a node. Inside the container for a container. */
  readonly data: string;
  /** Stop every node; a data folder that the sandbox made itself is removed. Safe to call again. */
  stop(): Promise<void>;
  /** Stop one node cleanly (SIGTERM); `index` counts from 0. */
  stopNode(index: number): Promise<void>;
  /** End one node at once (SIGKILL), as a crash would. */
  killNode(index: number): Promise<void>;
  /** Start a node that was stopped or killed, on its data and its port; resolves when it has joined. */
  startNode(index: number): Promise<void>;
}

/** What a sandbox is doing while it starts, in a few words for a person. */
export interface SandboxProgress {
  readonly step: 'wait' | 'fetch' | 'compile' | 'pull' | 'start' | 'ready';
  readonly detail: string;
}

export interface SandboxOptions {
  readonly engine: EngineName;
  /** `3.8.0`, or its beginning (`7.17`: the newest known recipe of that line); the engine's default without it. */
  readonly version?: string;
  /** How many nodes form the cluster, from 1 (the default). */
  readonly nodes?: number;
  /** Cache folder for fetched engines; `~/.cache/termweave` without it. */
  readonly home?: string;
  /** Folder for data and logs, kept after the stop; without it a temporary one that is removed. */
  readonly data?: string;
  /** Largest Java heap of a node, as Java writes it; `1g` without it. */
  readonly heap?: string;
  /** Further engine settings; they win over the sandbox's own. `http.port` asks for a port (one node only). */
  readonly settings?: Readonly<Record<string, string>>;
  /** `start-up` (default): quick to start, for tests. `throughput`: the JVM's own compilers and collector, for load. */
  readonly tuned?: 'start-up' | 'throughput';
  /** Force one way; without it a container where that can be, else Java. */
  readonly via?: 'container' | 'java';
  /** Image for a container in place of the engine's published one. */
  readonly image?: string;
  /** A JDK to look at first; the library reads no environment variable, so doors pass `JAVA_HOME` here. */
  readonly javaHome?: string;
  /** How long the start may take, in seconds; 120 for each node without it. Fetching does not count. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SandboxProgress) => void;
}

/** What both kinds of sandbox are launched with: the one that ends with this process, and the one that outlives it. */
export interface LaunchOptions extends SandboxOptions {
  readonly home: string;
  readonly standing?: boolean;
  /** Told of each process as soon as there is one, with the folder of its data: what outlives this process must be known even if that ends now. */
  readonly onSpawn?: (pid: number, data: string) => Promise<void>;
}
