import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import { JdkMissing } from './sandbox-faults.js';

export interface Jdk {
  readonly home: string;
  /** Feature release: 17, 21, 25. */
  readonly version: number;
  /** Whether it has `javac`; a bare runtime has not. */
  readonly compiler: boolean;
}

/** Feature releases, both ends included. */
export interface JavaRange {
  readonly from: number;
  readonly to: number;
}

/** Folders whose subfolders are JDKs, and where the JDK lies in such a subfolder. */
export interface JdkFolder {
  readonly folder: string;
  readonly inside?: string;
}

/** Where Debian, Fedora, plain archives, SDKMAN, IntelliJ, macOS and Homebrew put them. */
const usualFolders: readonly JdkFolder[] = [
  { folder: '/usr/lib/jvm' },
  { folder: '/opt' },
  { folder: join(homedir(), '.sdkman/candidates/java') },
  { folder: join(homedir(), '.jdks') },
  { folder: '/Library/Java/JavaVirtualMachines', inside: 'Contents/Home' },
  { folder: '/opt/homebrew/opt', inside: 'libexec/openjdk.jdk/Contents/Home' },
];

/**
 * A JDK in the range: `javaHome` when it fits, else the newest in the usual folders, else the one on the PATH (last, for it
 * has to be started to be asked).
 * @throws {JdkMissing} naming every JDK that was looked at.
 */
export async function findJdk(
  range: JavaRange,
  { javaHome, folders = usualFolders }: { javaHome?: string; folders?: readonly JdkFolder[] } = {},
): Promise<Jdk> {
  const fits = (jdk: Jdk) => jdk.compiler && jdk.version >= range.from && jdk.version <= range.to;
  const looked: Jdk[] = [];
  for (const places of [async () => (javaHome ? [javaHome] : []), () => homesIn(folders), homeOnPath]) {
    const jdks = await inspect(await places());
    looked.push(...jdks.filter((jdk) => !looked.some(({ home }) => home === jdk.home)));
    const [newest] = jdks.filter(fits).sort((a, b) => b.version - a.version);
    if (newest !== undefined) return newest;
  }
  throw new JdkMissing(
    range.from === range.to ? `version ${range.from}` : `version ${range.from} to ${range.to}`,
    looked,
  );
}

async function homesIn(folders: readonly JdkFolder[]): Promise<string[]> {
  const lists = await Promise.all(
    folders.map(async ({ folder, inside = '' }) => {
      const names = await readdir(folder).catch(() => []);
      return names.sort().map((name) => join(folder, name, inside));
    }),
  );
  return lists.flat();
}

async function homeOnPath(): Promise<string[]> {
  const { output } = await runCommand('java', ['-XshowSettings:properties', '-version']).catch(() => ({ output: '' }));
  const home = /java\.home = (.+)/.exec(output)?.[1]?.trim();
  return home === undefined ? [] : [home];
}

/** The JDKs among some folders, each once however many links lead to it. */
async function inspect(homes: readonly string[]): Promise<Jdk[]> {
  const found = await Promise.all(homes.map(jdkIn));
  const byHome = new Map(found.filter((jdk) => jdk !== undefined).map((jdk) => [jdk.home, jdk]));
  return [...byHome.values()];
}

async function jdkIn(folder: string): Promise<Jdk | undefined> {
  if (!(await exists(join(folder, 'bin/java')))) return undefined;
  const home = await realpath(folder);
  const version = (await versionInRelease(home)) ?? (await versionByAsking(home));
  return version === undefined ? undefined : { home, version, compiler: await exists(join(home, 'bin/javac')) };
}

async function versionInRelease(home: string): Promise<number | undefined> {
  const text = await readFile(join(home, 'release'), 'utf8').catch(() => '');
  return featureRelease(/^JAVA_VERSION="([^"]+)"/m.exec(text)?.[1]);
}

async function versionByAsking(home: string): Promise<number | undefined> {
  const { output } = await runCommand(join(home, 'bin/java'), ['-version']).catch(() => ({ output: '' }));
  return featureRelease(/version "([^"]+)"/.exec(output)?.[1]);
}

/** `17.0.15` is 17, and so was `1.8.0_302` 8. */
function featureRelease(version: string | undefined): number | undefined {
  const digits = version === undefined ? null : /^(?:1\.)?(\d+)/.exec(version);
  return digits === null ? undefined : Number(digits[1]);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
