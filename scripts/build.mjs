// Compile src/ to dist/ and copy what is not TypeScript (the Java launchers and their build files).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

for (const assets of ['sandbox/recipes', 'explorer/page']) {
  const from = join(root, 'src', assets);
  if (existsSync(from)) cpSync(from, join(root, 'dist', assets), { recursive: true });
}
