import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../../src/engine/connect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { loweredModule } from '../../support/lowered-module.js';
import { type Snippet, snippetsOf } from '../../support/snippets.js';
import { indexVectors } from '../../support/vector-index.js';

/** Runs a snippet in a process of its own, inside the repository so that `termweave` is this package. Resolves with what went wrong. */
async function failureOf({ code }: Snippet, variables: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(process.cwd(), 'dist', 'snippet-'));
  const file = join(folder, 'snippet.mjs');
  const given = Object.entries(variables).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const compiled = await loweredModule(`import assert from 'node:assert/strict';\n${given.join('\n')}\n${code}`);
  await writeFile(file, compiled);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await rm(folder, { recursive: true });
  return exit === 0 ? '' : errors || `exit ${exit}`;
}

onEveryEngine('docs/library.md', ({ url }) => {
  let variables: Record<string, string>;
  beforeAll(async () => {
    await using engine = await connect(await url());
    const { loadEncoder } = await import('../../../src/encoder/load-encoder.js');
    await using encoder = await loadEncoder('splade-tiny', { workers: 1 });
    const [fox] = await encoder.encode(['a fox with bread and water']);
    const { index } = await indexVectors(engine, [fox!.vector]);
    variables = { url: await url(), name: freshName('snippet'), filled: index };
  }, 120_000);

  const runnable = snippetsOf('docs/library.md').filter(({ language }) => language === 'js');
  it.each(runnable.map((snippet) => [snippet.heading, snippet] as const))('%s', async (_heading, snippet) => {
    expect(await failureOf(snippet, variables)).toBe('');
  });
});
