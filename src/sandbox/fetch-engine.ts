import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Jdk } from './find-jdk.js';
import { type Recipe, recipeName } from './recipe.js';
import { runCommand } from './run-command.js';
import type { SandboxProgress } from './sandbox.js';
import { ArtifactsUnavailable, LauncherBroken, MavenMissing } from './sandbox-faults.js';

/** Build files and launchers; the build copies them beside the compiled code. */
const RECIPES = join(dirname(fileURLToPath(import.meta.url)), 'recipes');

export interface FetchOptions {
  readonly home: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SandboxProgress) => void;
}

/** An engine on disk, ready to be started. */
export interface FetchedEngine {
  readonly folder: string;
  readonly launcher: string;
}

/** Whether an engine lies in `home` already, so that no Maven is needed. */
async function isFetched(recipe: Recipe, home: string): Promise<boolean> {
  const [found, wanted] = await Promise.all([readMark(folderOf(recipe, home)), markOf(recipe)]);
  return found === wanted;
}

/**
 * The engine of a recipe below `home/engines`: fetched by Maven, which checks every artifact's hash, and its launcher compiled.
 * Each folder appears whole or not at all; once there, nothing is fetched again and no network is needed.
 * @throws {MavenMissing} {@link ArtifactsUnavailable} {@link LauncherBroken}
 */
export async function fetchEngine(recipe: Recipe, jdk: Jdk, options: FetchOptions): Promise<FetchedEngine> {
  const folder = folderOf(recipe, options.home);
  if (!(await isFetched(recipe, options.home))) {
    await appear(folder, (partial) => fetchArtifacts(recipe, jdk, partial, options));
  }
  const launcher = join(folder, `launcher-${await hashOf(...launcherSources(recipe))}`);
  if ((await readMark(launcher)) === undefined) {
    await appear(launcher, (partial) => compileLauncher(recipe, jdk, folder, partial, options));
  }
  return { folder, launcher };
}

async function fetchArtifacts(
  recipe: Recipe,
  jdk: Jdk,
  into: string,
  { signal, onProgress }: FetchOptions,
): Promise<string> {
  const name = recipeName(recipe);
  onProgress?.({ step: 'fetch', detail: `${name} with Maven` });
  const properties = { 'engine.version': recipe.version, into, ...recipe.build.properties };
  const definitions = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  const args = ['-B', '-ntp', '-q', '-f', join(RECIPES, recipe.build.pom), 'package', ...definitions];
  const { status, output } = await runCommand('mvn', args, { additions: { JAVA_HOME: jdk.home }, signal }).catch(
    (error) => {
      throw error.code === 'ENOENT' ? new MavenMissing(name) : error;
    },
  );
  if (status !== 0) throw new ArtifactsUnavailable(name, output);
  return markOf(recipe);
}

async function compileLauncher(
  recipe: Recipe,
  jdk: Jdk,
  folder: string,
  into: string,
  { signal, onProgress }: FetchOptions,
): Promise<string> {
  onProgress?.({ step: 'compile', detail: launcherSources(recipe).join(', ') });
  const sources = launcherSources(recipe).map((file) => join(RECIPES, file));
  const jars = join(folder, recipe.jars, '*');
  const args = ['--release', String(recipe.java.from), '-proc:none', '-nowarn', '-cp', jars, '-d', into, ...sources];
  const { status, output } = await runCommand(join(jdk.home, 'bin/javac'), args, { signal });
  if (status !== 0) throw new LauncherBroken(recipeName(recipe), folder, output);
  return 'compiled';
}

/** Fill a folder under another name and move it into place; who comes second to the same folder keeps the first one's. */
async function appear(folder: string, fill: (partial: string) => Promise<string>): Promise<void> {
  await sweepAbandoned(folder);
  const partial = `${folder}${PARTIAL}${randomUUID().slice(0, 8)}`;
  await mkdir(partial, { recursive: true });
  try {
    const mark = await fill(partial);
    await writeFile(join(partial, MARK), mark);
    if ((await readMark(folder)) === mark) return;
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder).catch(ignoring('ENOTEMPTY', 'EEXIST'));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const PARTIAL = '.partial-';
const ABANDONED_AFTER_MS = 3_600_000;

/** Remove what a fetch left that was killed: no fetch takes an hour. */
async function sweepAbandoned(folder: string): Promise<void> {
  const names = await readdir(dirname(folder)).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(folder)}${PARTIAL}`))) {
    const partial = join(dirname(folder), name);
    const { mtimeMs } = await stat(partial);
    if (mtimeMs < Date.now() - ABANDONED_AFTER_MS) await rm(partial, { recursive: true, force: true });
  }
}

/** Written last: a folder with it is whole, and made by the recipe that the mark names. */
const MARK = '.whole';

function folderOf(recipe: Recipe, home: string): string {
  return join(home, 'engines', recipeName(recipe));
}

function launcherSources(recipe: Recipe): string[] {
  return ['Launch', ...recipe.launcher].map((name) => `${name}.java`);
}

async function readMark(folder: string): Promise<string | undefined> {
  return readFile(join(folder, MARK), 'utf8').catch(() => undefined);
}

async function markOf(recipe: Recipe): Promise<string> {
  return `${await hashOf(recipe.build.pom)} ${JSON.stringify(recipe.build.properties)}`;
}

async function hashOf(...files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(join(RECIPES, file)));
  return hash.digest('hex').slice(0, 12);
}

function ignoring(...codes: readonly string[]) {
  return (error: NodeJS.ErrnoException) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}
