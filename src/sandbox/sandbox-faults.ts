import { Fault, type FaultKind, messageOf } from '../fault/fault.js';

/** What stands in the way of a sandbox lies on the machine, not in the caller's words. */
abstract class SandboxFault extends Fault {
  override readonly kind: FaultKind = 'environment';
}

/** No recipe for the version that was asked for. */
export class EngineVersionUnknown extends Fault {
  readonly code = 'SANDBOX_VERSION_UNKNOWN';
  constructor(
    engine: string,
    version: string,
    readonly known: readonly string[],
  ) {
    super({
      asked: `a sandbox of ${engine} ${version}`,
      found: `known versions are ${known.join(', ')}`,
      remedy: 'Name one of these, or run any published version in a container (--via container --version X.Y.Z)',
    });
  }
}

/** No JDK on this machine fits the engine. `found` lists the ones that were looked at. */
export class JdkMissing extends SandboxFault {
  readonly code = 'SANDBOX_JDK_MISSING';
  constructor(
    readonly wanted: string,
    readonly looked: readonly { readonly home: string; readonly version: number; readonly compiler: boolean }[],
  ) {
    const list = looked.map((jdk) => `${jdk.version}${jdk.compiler ? '' : ' (no javac)'} in ${jdk.home}`);
    super({
      asked: `a JDK, ${wanted}`,
      found: list.length > 0 ? `only ${list.join(', ')}` : 'no Java at all',
      remedy: `Install such a JDK (with javac), or point JAVA_HOME at one`,
    });
  }
}

export class MavenMissing extends SandboxFault {
  readonly code = 'SANDBOX_MAVEN_MISSING';
  constructor(engine: string) {
    super({
      asked: `fetch ${engine} with Maven`,
      found: 'no command mvn on the PATH',
      remedy: 'Install Maven (Debian: apt-get install maven; macOS: brew install maven)',
    });
  }
}

/** Maven ran and did not bring the artifacts. */
export class ArtifactsUnavailable extends SandboxFault {
  readonly code = 'SANDBOX_ARTIFACTS_UNAVAILABLE';
  constructor(
    engine: string,
    readonly output: string,
  ) {
    super({
      asked: `fetch the artifacts of ${engine}`,
      found: firstError(output),
      remedy: 'Check that this machine reaches a Maven repository (~/.m2/settings.xml), then try again',
    });
  }
}

/** The launcher did not compile against the fetched engine. */
export class LauncherBroken extends SandboxFault {
  readonly code = 'SANDBOX_LAUNCHER_BROKEN';
  constructor(
    engine: string,
    folder: string,
    readonly output: string,
  ) {
    super({
      asked: `compile the launcher of ${engine}`,
      found: firstError(output),
      remedy: `Delete ${folder} and try again: it is fetched anew`,
    });
  }
}

export class DataFolderUnwritable extends SandboxFault {
  readonly code = 'SANDBOX_DATA_UNWRITABLE';
  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super({
      asked: `keep data and logs in ${folder}`,
      found: `it cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
      remedy: 'Name a folder that this user can write to',
      cause,
    });
  }
}

export class DataFolderInUse extends SandboxFault {
  readonly code = 'SANDBOX_DATA_IN_USE';
  constructor(
    readonly folder: string,
    readonly log: string,
  ) {
    super({
      asked: `start a node on ${folder}`,
      found: 'another node holds its lock',
      remedy: 'Stop the other node, or name another data folder',
    });
  }
}

export class DiskFull extends SandboxFault {
  readonly code = 'SANDBOX_DISK_FULL';
  constructor(
    readonly folder: string,
    readonly freeBytes: number,
    readonly neededBytes: number,
  ) {
    super({
      asked: `keep data and logs in ${folder}`,
      found: `${megabytes(freeBytes)} free on its disk, ${megabytes(neededBytes)} needed`,
      remedy: 'Free some space, or name a data folder on another disk',
    });
  }
}

export class PortInUse extends SandboxFault {
  readonly code = 'SANDBOX_PORT_IN_USE';
  constructor(
    readonly port: string,
    readonly log: string,
  ) {
    super({
      asked: `listen on 127.0.0.1:${port}`,
      found: 'another program listens there',
      remedy: 'Stop that program, ask for another port, or for none: a free one is picked',
    });
  }
}

/** No Docker, Podman or the like answers. */
export class ContainerRuntimeMissing extends SandboxFault {
  readonly code = 'SANDBOX_CONTAINERS_MISSING';
  constructor(cause: unknown) {
    super({
      asked: 'run an engine in a container',
      found: 'no engine for containers answers (DOCKER_HOST and the usual sockets were tried)',
      remedy: 'Start Docker or Podman, or use Java (--via java)',
      cause,
    });
  }
}

/** The image is not on this machine and could not be pulled. */
export class ImageUnavailable extends SandboxFault {
  readonly code = 'SANDBOX_IMAGE_UNAVAILABLE';
  constructor(
    readonly image: string,
    cause: unknown,
  ) {
    super({
      asked: `pull ${image}`,
      found: messageOf(cause),
      remedy: 'Check the version and that this machine reaches the registry, or use Java (--via java)',
      cause,
    });
  }
}

/** A sandbox in a container is one node with its data inside. */
export class NotInContainer extends Fault {
  readonly code = 'SANDBOX_NOT_IN_CONTAINER';
  constructor(engine: string, wanted: string) {
    super({
      asked: `${engine} in a container, with ${wanted}`,
      found: 'a sandbox in a container has one node and keeps its data inside',
      remedy: 'Use Java for that (--via java)',
    });
  }
}

/** A standing sandbox runs already, and not as it was asked for now. */
export class SandboxDiffers extends Fault {
  readonly code = 'SANDBOX_DIFFERS';
  constructor(
    { engine, version, data, throwAway }: { engine: string; version: string; data: string; throwAway: boolean },
    /** The option, or the engine's setting, that differs. */
    readonly what: string,
    readonly wanted: string,
    readonly running: string,
  ) {
    const goes = throwAway ? `; the data in ${data} goes with it` : '';
    super({
      asked: `a sandbox of ${engine} ${version} with ${what} ${wanted}`,
      found: `one runs with ${what} ${running}`,
      remedy: `Take what runs as it is, or take it down first: termweave sandbox down ${engine}${goes}`,
    });
  }
}

/** The node's process ended before the node answered. */
export class NodeDied extends SandboxFault {
  readonly code = 'SANDBOX_NODE_DIED';
  constructor(
    name: string,
    how: string,
    readonly logFile: string,
    readonly log: string,
  ) {
    super({
      asked: `start ${name}`,
      found: `its process ended (${how}) before it answered; the end of its log:\n${log}\n`,
      remedy: `The whole log is ${logFile}`,
    });
  }
}

export class StartTimeout extends SandboxFault {
  readonly code = 'SANDBOX_START_TIMEOUT';
  constructor(
    name: string,
    seconds: number,
    readonly logFile: string,
    readonly log: string,
  ) {
    super({
      asked: `start ${name}`,
      found: `it did not answer within ${seconds} s; the end of its log:\n${log}\n`,
      remedy: `Give it longer or free the machine; the whole log is ${logFile}`,
    });
  }
}

function firstError(output: string): string {
  const line = output.split('\n').find((text) => /\berror\b/i.test(text)) ?? output.trim().split('\n').at(-1) ?? '';
  return line.replace(/^\[ERROR\]\s*/, '').trim() || 'it failed without a word';
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
