/**
 * The real systems that exports are read by: fetched through the registries into `<home>/exports`, built once, started by the
 * suites. What cannot be had on a machine is skipped and said aloud; with `CI` set it fails.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { homeFolder } from '../../src/cli/settings.js';
import { findJdk } from '../../src/sandbox/find-jdk.js';

const run = promisify(execFile);
const EXPORTS = join(homeFolder(), 'exports');
const READS_EXPORTS = ['tantivy==0.27.0', 'numpy==2.4.6', 'scipy==1.17.1', 'ciff-toolkit==0.2.2'];

/** Runs a program to its end and gives what it printed. @throws with the end of what it said where it fails. */
export async function output(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<string> {
  try {
    const running = run(command, [...args], { env: { ...process.env, ...env }, maxBuffer: 1 << 30 });
    running.child.stdin!.end(input);
    return (await running).stdout;
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string };
    throw new Error(`${command}: ${message.slice(0, 300)}\n${stdout.slice(-2000)}\n${stderr.slice(-3000)}`);
  }
}

/** A `describe` that has a system at hand, or says why not. */
export async function onSystem<T>(title: string, prepare: () => Promise<T>, suite: (system: T) => void): Promise<void> {
  const prepared = await prepare().then(
    (system) => ({ system }),
    (error: Error) => ({ missing: error.message.split('\n')[0] }),
  );
  if ('system' in prepared) return void describe(title, () => suite(prepared.system));
  process.stderr.write(`NOT RUN ${title}: ${prepared.missing}\n`);
  const it_ = process.env.CI ? it : it.skip;
  it_(`${title} can be run here`, () => {
    throw new Error(prepared.missing);
  });
}

/** Runs a Java program of some jars. */
export interface JavaSystem {
  run(mainClass: string, ...args: string[]): Promise<string>;
  /** The same, with something on stdin. */
  feed(input: string, mainClass: string, ...args: string[]): Promise<string>;
}

/** Anserini's fat jar. */
export async function anserini(): Promise<JavaSystem> {
  const jdk = await jdk21();
  const folder = await appear('anserini-1.5.0', (into) =>
    maven(jdk.home, [
      'dependency:copy',
      '-Dartifact=io.anserini:anserini:1.5.0:jar:fatjar',
      `-DoutputDirectory=${into}`,
    ]),
  );
  return javaSystem(jdk.home, [join(folder, '*')]);
}

/** The example under `examples/lucene`, built as its readers would. */
export async function luceneExample(): Promise<JavaSystem> {
  const jdk = await jdk21();
  const name = `lucene-${await hashOf('examples/lucene/pom.xml', 'examples/lucene/ExportedVectors.java')}`;
  const folder = await appear(name, (into) =>
    maven(jdk.home, ['-f', 'examples/lucene/pom.xml', 'package', `-Dinto=${into}`]),
  );
  return javaSystem(jdk.home, [join(folder, 'classes'), join(folder, 'lib/*')]);
}

/** Vespa's own model, document parser, YQL parser and ranking expressions. */
export async function vespa(): Promise<JavaSystem> {
  const jdk = await jdk21();
  const pom = 'test/support/vespa/pom.xml';
  const source = 'test/support/vespa/VespaCheck.java';
  const jars = await appear(`vespa-${await hashOf(pom)}`, (into) =>
    maven(jdk.home, ['-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${into}`]),
  );
  const classes = await appear(`vespa-check-${await hashOf(pom, source)}`, (into) =>
    output(join(jdk.home, 'bin/javac'), ['-nowarn', '-proc:none', '-cp', join(jars, '*'), '-d', into, source]),
  );
  return javaSystem(jdk.home, [classes, join(jars, '*')]);
}

/** Elastic's low-level Java client: `RestClientRequests URL` with requests on stdin. */
export async function javaRestClient(): Promise<JavaSystem> {
  const jdk = await jdk21();
  const pom = 'test/support/rest-client/pom.xml';
  const source = 'test/support/rest-client/RestClientRequests.java';
  const jars = await appear(`rest-client-${await hashOf(pom)}`, (into) =>
    maven(jdk.home, ['-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${into}`]),
  );
  const classes = await appear(`rest-client-check-${await hashOf(pom, source)}`, (into) =>
    output(join(jdk.home, 'bin/javac'), ['-nowarn', '-cp', join(jars, '*'), '-d', into, source]),
  );
  return javaSystem(jdk.home, [classes, join(jars, '*')]);
}

/** elasticdump, as npm has it: the path of its program. */
export async function elasticdump(): Promise<string> {
  const folder = await appear('elasticdump-6.125.1', (into) =>
    output('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', into, 'elasticdump@6.125.1']),
  );
  return join(folder, 'node_modules/elasticdump/bin/elasticdump');
}

/** The Rust example under `examples/tantivy`: the path of its binary. */
export async function tantivyExample(): Promise<string> {
  const target = join(EXPORTS, 'tantivy');
  const args = ['build', '--quiet', '--manifest-path', 'examples/tantivy/Cargo.toml'];
  // Tantivy takes minutes to build with optimisations, and these collections are small.
  await output('cargo', args, { CARGO_TARGET_DIR: target, CARGO_PROFILE_DEV_DEBUG: 'none' });
  return join(target, 'debug/exported-vectors');
}

/** A Python with packages of PyPI, by default those that read exports. */
export async function python(packages: readonly string[] = READS_EXPORTS): Promise<string> {
  const folder = join(EXPORTS, `python-${createHash('sha256').update(packages.join()).digest('hex').slice(0, 12)}`);
  const interpreter = join(folder, 'bin/python');
  // A virtual environment cannot be moved, so its mark is a file inside.
  const mark = join(folder, 'whole');
  if (!existsSync(mark)) {
    await rm(folder, { recursive: true, force: true });
    await output('python3', ['-m', 'venv', folder]);
    await output(interpreter, ['-m', 'pip', 'install', '--quiet', ...packages]);
    await mkdir(mark);
  }
  return interpreter;
}

const jdk21 = () => findJdk({ from: 21, to: 99 }, { javaHome: process.env.JAVA_HOME });

function javaSystem(home: string, classpath: readonly string[]): JavaSystem {
  const flags = [
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '--add-modules=jdk.incubator.vector',
    '-Dfile.encoding=UTF-8',
  ];
  const feed: JavaSystem['feed'] = (input, mainClass, ...args) =>
    output(
      join(home, 'bin/java'),
      [...flags, '-Xmx2g', '-cp', classpath.join(':'), mainClass, ...args],
      undefined,
      input,
    );
  return { feed, run: (mainClass, ...args) => feed('', mainClass, ...args) };
}

function maven(javaHome: string, args: readonly string[]): Promise<string> {
  return output('mvn', ['-B', '-ntp', '-q', ...args], { JAVA_HOME: javaHome });
}

async function hashOf(...files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

/** A folder of that name under the cache, filled once, whole or not there. */
async function appear(name: string, fill: (partial: string) => Promise<unknown>): Promise<string> {
  const folder = join(EXPORTS, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}
