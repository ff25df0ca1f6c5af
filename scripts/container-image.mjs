// Builds the image of the Containerfile: packs this checkout, installs it with both clients into a folder, leaves the runtime's other platforms out.
//   node scripts/container-image.mjs [IMAGE] [--node-image IMAGE]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'node-image': { type: 'string' } } });
const [image = 'termweave'] = positionals;
const CLIENTS = ['@elastic/elasticsearch', '@opensearch-project/opensearch'];
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const context = mkdtempSync(join(tmpdir(), 'termweave-context-'));
try {
  layContext();
  const base = values['node-image'] ? ['--build-arg', `NODE_IMAGE=${values['node-image']}`] : [];
  run('docker', ['build', '--tag', image, ...base, '--file', join(context, 'Containerfile'), context]);
  console.log(image);
} finally {
  rmSync(context, { recursive: true });
}

function layContext() {
  const app = join(context, 'app');
  for (const folder of [app, join(context, 'data')]) mkdirSync(folder);
  writeFileSync(join(context, 'data/.keep'), '');
  copyFileSync(join(root, 'Containerfile'), join(context, 'Containerfile'));
  writeFileSync(join(app, 'package.json'), '{"private":true}');
  run('npm', ['pack', '--silent', '--pack-destination', context], root);
  const tarball = readdirSync(context).find((name) => name.endsWith('.tgz'));
  const clients = CLIENTS.map((name) => `${name}@${devDependencies[name]}`);
  const quietly = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  run('npm', ['install', ...quietly, join(context, tarball), ...clients], app);
  leavePlatform(join(app, 'node_modules/onnxruntime-node/bin/napi-v6'));
}

/** The runtime carries five platforms; an image needs one. */
function leavePlatform(binaries) {
  for (const system of readdirSync(binaries))
    if (system !== 'linux') rmSync(join(binaries, system), { recursive: true });
  for (const processor of readdirSync(join(binaries, 'linux')))
    if (processor !== process.arch) rmSync(join(binaries, 'linux', processor), { recursive: true });
}

function run(command, args, cwd = context) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? `exit code ${status}`}`);
}
