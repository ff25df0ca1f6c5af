// Makes a release, or says why it cannot: node scripts/release.mjs [--publish]
// Without --publish nothing leaves this machine: the package is checked, packed, and its contents and checksum are printed. With it, npm attests where the
// package was built (provenance), which it does only in a CI that gives identity tokens: there the workflow needs `permissions: id-token: write`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const publish = process.argv.includes('--publish');

const conditions = [
  ['nothing is uncommitted', () => output('git', ['status', '--porcelain']) === ''],
  [
    `CHANGELOG.md has a section ${version}`,
    () => readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## ${version}`),
  ],
  ['lint, types, rooms and exports are clean', () => run('npm', ['run', '--silent', 'check'])],
  ['the package is as publint wants it', () => run('npm', ['run', '--silent', 'package'])],
];
const forPublishing = [
  [
    `the commit has the tag v${version}`,
    () => output('git', ['tag', '--points-at', 'HEAD']).split('\n').includes(`v${version}`),
  ],
  ['package.json names the repository, which provenance is checked against', () => repository !== undefined],
  [
    'this CI gives identity tokens',
    () => process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined || process.env.SIGSTORE_ID_TOKEN !== undefined,
  ],
];

run('npm', ['run', '--silent', 'build']) || process.exit(1);
const unmet = [...conditions, ...(publish ? forPublishing : [])].filter(([what, holds]) => {
  const met = holds();
  console.error(`${met ? 'ok    ' : 'FAILED'} ${what}`);
  return !met;
});
if (unmet.length > 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'termweave-release-'));
try {
  const [packed] = JSON.parse(output('npm', ['pack', '--json', '--pack-destination', folder]));
  const tarball = join(folder, packed.filename);
  const sha256 = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  console.log(
    JSON.stringify({
      name,
      version,
      files: packed.entryCount,
      bytes: packed.size,
      unpacked: packed.unpackedSize,
      sha256,
    }),
  );
  if (publish) process.exitCode = run('npm', ['publish', tarball, '--provenance', '--access', 'public']) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

function output(command, args) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8' }).stdout.trim();
}
