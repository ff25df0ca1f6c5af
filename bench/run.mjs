// Runs a benchmark on any Node: node bench/run.mjs NAME [options]. The TypeScript is stripped, the sources are the built ones.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const sources = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.ts'));
const [name] = process.argv.splice(2, 1);
if (!sources.includes(`${name}.ts`)) {
  console.error(
    `asked: node bench/run.mjs ${name ?? ''}\nto do: name one of these; its file begins with what it measures, and how it is called\n`,
  );
  for (const [benchmark, question] of benchmarks()) console.error(`  ${benchmark.padEnd(20)} ${question}`);
  process.exit(name === '--help' ? 0 : 2);
}
const run = randomUUID();
const compiled = sources.map((file) => compile(file.slice(0, -'.ts'.length)));
process.on('exit', () => {
  for (const file of compiled) rmSync(file, { force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
await import(placeOf(name).href);

/** The programs among the files, those that say how they are called, each with the question that it answers. */
function benchmarks() {
  return sources.flatMap((file) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    if (!source.includes('node bench/run.mjs')) return [];
    const [, question = ''] = /^\/\*\*\s*\n? ?\*? ?(.*?)\n/s.exec(source) ?? [];
    return [[file.slice(0, -'.ts'.length), question.trim()]];
  });
}

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
