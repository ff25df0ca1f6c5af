import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJdk } from '../../../src/sandbox/find-jdk.js';

let folder: string;
const path = process.env.PATH;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-jdks-'));
  process.env.PATH = join(folder, 'nothing');
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

const places = () => ({ folders: [{ folder: join(folder, 'jvm') }] });

describe('findJdk', () => {
  it('takes the newest that fits', async () => {
    await jdk('jvm/17', 'JAVA_VERSION="17.0.15"');
    await jdk('jvm/21', 'JAVA_VERSION="21.0.2"');
    await jdk('jvm/25', 'JAVA_VERSION="25"');
    expect(await findJdk({ from: 17, to: 21 }, places())).toMatchObject({ version: 21, home: join(folder, 'jvm/21') });
  });

  it('takes JAVA_HOME first where it fits, and passes over it where it does not', async () => {
    const javaHome = await jdk('mine', 'JAVA_VERSION="17.0.1"');
    await jdk('jvm/21', 'JAVA_VERSION="21.0.2"');
    expect(await findJdk({ from: 17, to: 21 }, { javaHome, ...places() })).toMatchObject({ home: javaHome });
    expect(await findJdk({ from: 21, to: 25 }, { javaHome, ...places() })).toMatchObject({ version: 21 });
  });

  it('asks a Java that has no release file', async () => {
    await jdk('jvm/old', undefined, '#!/bin/sh\necho \'openjdk version "1.8.0_302"\' >&2\n');
    expect(await findJdk({ from: 8, to: 8 }, places())).toMatchObject({ version: 8 });
  });

  it('asks the Java on the PATH last', async () => {
    const home = await jdk('elsewhere', 'JAVA_VERSION="21.0.2"');
    await jdk('bin-only', undefined, `#!/bin/sh\necho '    java.home = ${home}' >&2\n`);
    process.env.PATH = join(folder, 'bin-only/bin');
    expect(await findJdk({ from: 21, to: 21 }, places())).toMatchObject({ home });
  });

  it('says which versions it found, each once, and what is wanted', async () => {
    const home = await jdk('jvm/17', 'JAVA_VERSION="17.0.15"');
    await symlink(home, join(folder, 'jvm/default'));
    await rm(join(await jdk('jvm/25', 'JAVA_VERSION="25.0.1"'), 'bin/javac'));
    await expect(findJdk({ from: 21, to: 25 }, { javaHome: join(folder, 'gone'), ...places() })).rejects.toMatchObject({
      code: 'SANDBOX_JDK_MISSING',
      asked: 'a JDK, version 21 to 25',
      found: `only 17 in ${home}, 25 (no javac) in ${join(folder, 'jvm/25')}`,
    });
  });

  it('says so where there is no Java at all', async () => {
    await expect(findJdk({ from: 21, to: 25 }, places())).rejects.toMatchObject({ found: 'no Java at all' });
  });
});

async function jdk(name: string, release?: string, java = '#!/bin/sh\nexit 1\n'): Promise<string> {
  const home = join(folder, name);
  await mkdir(join(home, 'bin'), { recursive: true });
  for (const [program, text] of Object.entries({ java, javac: '' })) {
    await writeFile(join(home, 'bin', program), text);
    await chmod(join(home, 'bin', program), 0o755);
  }
  if (release !== undefined) await writeFile(join(home, 'release'), release);
  return home;
}
