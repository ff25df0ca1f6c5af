// Builds an image of OpenSearch on this machine, where none can be pulled: FROM scratch, with busybox, a jlinked Java, the C
// library that both need, and the engine as the sandbox fetches it. Takes settings from the environment as the published image
// does (`discovery.type=single-node`). Prints the image's name; needs docker, busybox (static) and ldd.
//   node scripts/container-engine.mjs [IMAGE]
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { homeFolder } from '../dist/cli/settings.js';
import { javaCommand, nodeSettings } from '../dist/sandbox/node-command.js';
import { prepareEngine } from '../dist/sandbox/prepare-engine.js';

const image = process.argv[2] ?? 'termweave-sandbox/opensearch:3.8.0';
const build = mkdtempSync(join(tmpdir(), 'termweave-image-'));
try {
  const engine = await prepareEngine({ engine: 'opensearch', home: homeFolder(), javaHome: process.env.JAVA_HOME });
  layRoot(join(build, 'root'), engine);
  writeFileSync(join(build, 'Dockerfile'), dockerfile());
  run('docker', ['build', '--quiet', '--tag', image, build], { DOCKER_BUILDKIT: '0' });
  console.log(image);
} finally {
  rmSync(build, { recursive: true });
}

function dockerfile() {
  return `FROM scratch
COPY root/ /
COPY --chown=1000:1000 data/ /data/
ENV PATH=/java/bin:/bin LD_LIBRARY_PATH=/lib64
USER 1000
EXPOSE 9200
ENTRYPOINT ["/bin/sh", "/start"]
`;
}

function layRoot(root, { recipe, jdk, fetched }) {
  for (const folder of ['bin', 'lib64', 'engine', '../data/tmp', '../data/config'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, '../data/tmp/.keep'), '');
  writeFileSync(join(root, '../data/config/.keep'), '');
  copyFileSync(realpathSync(which('busybox')), join(root, 'bin/busybox'));
  copyFileSync(join(root, 'bin/busybox'), join(root, 'bin/sh'));
  for (const program of ['sh', 'busybox']) chmodSync(join(root, 'bin', program), 0o755);
  linkJava(jdk.home, join(root, 'java'));
  cpSync(join(fetched.folder, recipe.jars), join(root, 'engine', recipe.jars), { recursive: true });
  cpSync(fetched.launcher, join(root, 'engine/launcher'), { recursive: true });
  for (const library of sharedLibraries(join(root, 'java')))
    copyFileSync(library, join(root, 'lib64', basename(library)));
  writeFileSync(join(root, 'start'), startScript(recipe));
}

/** A runtime of the modules that a node uses; an analyzer asks for the Thai rules of breaking words. */
function linkJava(home, output) {
  const modules = [
    'java.se',
    'jdk.unsupported',
    'jdk.management',
    'jdk.incubator.vector',
    'jdk.zipfs',
    'jdk.net',
    'jdk.localedata',
  ];
  const slim = [
    '--no-header-files',
    '--no-man-pages',
    '--strip-java-debug-attributes',
    '--compress',
    'zip-6',
    '--include-locales',
    'en,th',
  ];
  run(join(home, 'bin/jlink'), ['--add-modules', modules.join(','), ...slim, '--output', output]);
}

/** Every library outside the runtime that its programs and libraries load, the loader itself among them. */
function sharedLibraries(java) {
  const files = [
    join(java, 'bin/java'),
    ...readdirSync(join(java, 'lib'), { recursive: true }).map((file) => join(java, 'lib', file)),
  ];
  const loaded = files
    .filter((file) => /\/(java|[^/]+\.so)$/.test(file))
    .flatMap((file) => run('ldd', [file]).match(/\/\S+(?= \(0x)/g) ?? []);
  return new Set(loaded.filter((library) => !library.startsWith(java) && dirname(library) !== dirname(java)));
}

function startScript(recipe) {
  const inImage = { folder: '/engine', launcher: '/engine/launcher' };
  const system = {
    'termweave.config': '/data/config',
    'termweave.ready': '/data/ready.json',
    'java.io.tmpdir': '/data/tmp',
  };
  const settings = {
    ...nodeSettings(recipe, inImage, '/data'),
    ...recipe.settings,
    'cluster.name': 'termweave',
    'node.name': 'node-1',
    'http.port': '9200',
    'http.bind_host': '0.0.0.0',
    'http.publish_host': '127.0.0.1',
  };
  const words = [
    ...Object.entries(system).map(([key, value]) => `-D${key}=${value}`),
    ...javaCommand(recipe, {}, inImage),
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  ];
  // A shell knows no variable with a dot in its name, but its own environment still holds them.
  return `given=$(busybox tr '\\0' '\\n' < /proc/self/environ | busybox grep -E '^[a-z_]+([.][a-z_]+)+=')
exec java ${words.map((word) => `'${word}'`).join(' ')} $given
`;
}

function which(program) {
  return run('sh', ['-c', `command -v ${program}`]).trim();
}

function run(command, args, additions = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...additions },
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${command} ${args[0]}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}
