import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { exactJson } from '../dialect/exact-number.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { needs } from './option-rules.js';
import { jsonObject } from './option-values.js';
import { print, printJson, writeLines } from './output.js';
import { mustTakeFile } from './place-to-write.js';
import { toldWaits } from './told-waits.js';

interface DumpCommandOptions extends EngineOptions {
  readonly to?: string;
  readonly query?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
One document a line, {"_id","_routing",...}, with its fields as they stand in _source and its vectors, from one snapshot of the index. A file
appears when it is whole; one whose name ends in .gz is packed.

Examples:
  $ termweave dump books --to books.jsonl.gz
  $ termweave dump books --query '{"range":{"year":{"gte":2020}}}' | jq -c ._id`;

/** `termweave dump INDEX` */
export function addDump(program: Command): void {
  const command = program
    .command('dump <index>')
    .description('the documents of an index as JSON lines, with their vectors')
    .option('--to <FILE>', 'default: standard output')
    .option('--query <JSON>', "only documents that match a query of the engine's own")
    .option('--json', 'with --to, one JSON value: {"documents","file","bytes","sha256"}');
  needs(command, '--json', '--to');
  withEngineOptions(command).addHelpText('after', EXAMPLES).action(dump);
}

async function dump(index: string, options: DumpCommandOptions): Promise<void> {
  const { dumpIndex } = await import('../ingest/dump-index.js');
  if (options.to !== undefined) await mustTakeFile(options.to, '--to', { beside: true });
  await using engine = await openEngine(options);
  const query = options.query === undefined ? undefined : jsonObject(options.query, '--query');
  const documents = dumpIndex(engine, index, { query, retry: toldWaits(), signal: interruption });
  if (options.to === undefined) {
    await writeLines(linesOf(documents));
    return;
  }
  const written = await writeFile(options.to, linesOf(documents));
  if (options.json) printJson(written);
  else print(`${written.documents} documents in ${options.to}, ${written.bytes} bytes`);
}

async function* linesOf(documents: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const document of documents) yield exactJson(document);
}

async function writeFile(file: string, lines: AsyncIterable<string>) {
  const { OutputFile } = await import('../export/output-file.js');
  const isPacked = file.endsWith('.gz');
  const output = await OutputFile.create(dirname(file), basename(file, '.gz'), isPacked ? 'gzip' : 'none');
  let documents = 0;
  try {
    for await (const line of lines) {
      await output.write(`${line}\n`);
      documents++;
    }
    const { bytes, sha256 } = await output.finish();
    return { documents, file, bytes, sha256 };
  } catch (thrown) {
    await output.discard();
    throw thrown;
  }
}
