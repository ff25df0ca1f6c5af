// Runs a benchmark on any Node: node bench/run.mjs NAME [options]. The TypeScript is stripped, the sources are the built ones.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const [name] = process.argv.splice(2, 1);
const run = randomUUID();
const compiled = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => compile(file.slice(0, -'.ts'.length)));
process.on('exit', () => {
  for (const file of compiled) rmSync(file, { force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
await import(placeOf(name).href);

function placeOf(module) {
  return new URL(`.${module}-${run}.mjs`, import.meta.url);
}

function compile(module) {
  const source = readFileSync(new URL(`${module}.ts`, import.meta.url), 'utf8');
  const linked = source.replaceAll("'../src/", "'../dist/").replace(/'\.\/([\w-]+)\.js'/g, `'./.$1-${run}.mjs'`);
  const { code } = transformSync(linked, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  writeFileSync(placeOf(module), code);
  return placeOf(module);
}
