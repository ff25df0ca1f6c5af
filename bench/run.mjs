// Runs a benchmark on any Node: node bench/run.mjs NAME [options]. The TypeScript is stripped, the sources are the built ones.
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const [name] = process.argv.splice(2, 1);
const source = readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8').replaceAll("'../src/", "'../dist/");
const { code } = transformSync(source, {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
});
const compiled = new URL(`.${name}-${randomUUID()}.mjs`, import.meta.url);
writeFileSync(compiled, code);
process.on('exit', () => rmSync(compiled, { force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
await import(compiled.href);
