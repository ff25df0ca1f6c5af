/**
 * What does the gateway add? An engine asked directly and through the gateway, by one client that waits and by many; and the gateway's memory under a bulk
 * of any size.
 *
 * The engine is one of this file's own: a process that answers at once with a page of 10 hits (4 kB), so that what is measured is the gateway and not
 * an engine. The gateway is a process, too; with --model its encoder is real, and each search brings a text that was not asked before. Direct and
 * through by turns, milliseconds p50 / p95 / p99, and what the gateway adds to each; requests/s of --clients clients by turns of three seconds; resident memory sampled each 100 ms.
 *
 * With --load wrk (Debian's wrk) the clients of the rates are wrk's connections, and its p50 and p99 are printed; otherwise they are this process's own.
 *
 *   npm run build && node bench/run.mjs gateway [--requests 2000] [--clients 16] [--load own|wrk] [--bulk-megabytes 500] [--model splade-tiny]
 *
 * Traps: three processes share the machine's cores, so requests/s are lower than with an engine elsewhere; node's own client takes as much CPU as
 * the gateway does, wrk's far less. Bulk items are documents of an index without a plan: with vectors the encoder, not the gateway, sets the pace.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engineVersion } from '../src/dialect/engine-version.js';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { percentile } from '../src/evaluate/percentile.js';
import { createGateway } from '../src/gateway/gateway.js';
import { mappingFor } from '../src/mapping/index-body.js';
import { figure } from './figures.js';
import { wrk } from './wrk.js';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '16' },
    load: { type: 'string', default: 'own' },
    'bulk-megabytes': { type: 'string', default: '500' },
    model: { type: 'string', default: 'splade-tiny' },
    role: { type: 'string', default: 'client' },
    upstream: { type: 'string' },
  },
});
const agent = new Agent({ keepAlive: true });
const TURN_MS = 3_000;
let asked = 0;
// Servers end with whoever started them.
process.once('disconnect', () => process.exit());
const roles: Record<string, () => Promise<void>> = { client: measure, engine: serveEngine, gateway: serveGateway };
await roles[options.role]!();

async function serveEngine(): Promise<void> {
  const encoder = await loadEncoder(options.model);
  const plan = {
    format: 1 as const,
    model: encoder.identity,
    vocabulary: encoder.vocabulary.fingerprint,
    dialect: rankFeatures.name,
    vectors: { splade: { from: ['text'], pruning: 'none' } },
  };
  await encoder[Symbol.asyncDispose]();
  const { mappings } = mappingFor({ dialect: rankFeatures, plan });
  const hit = { _index: 'planned', _score: 1.5, _source: { text: 'x'.repeat(350) } };
  const page = JSON.stringify({
    took: 1,
    hits: { hits: Array.from({ length: 10 }, (_, i) => ({ ...hit, _id: `${i}` })) },
  });
  const server = createServer((asked, response) => {
    if (asked.url === '/_bulk') return void answerBulk(asked, response);
    const [, index] = /^\/(\w+)\/_mapping/.exec(asked.url!) ?? [];
    const mappingsOf = { [index ?? '']: { mappings: index === 'planned' ? mappings : {} } };
    const answer = index ? JSON.stringify(mappingsOf) : page;
    asked.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

/** An item for each of the bulk's, as engines answer. */
async function answerBulk(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  let lines = 0;
  for await (const piece of asked as AsyncIterable<Buffer>)
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines++;
  function* items() {
    yield '{"took":1,"errors":false,"items":[';
    for (let i = 0; i < lines / 2; i++)
      yield `${i === 0 ? '' : ','}{"index":{"_index":"other","_id":"${i}","_version":1,"result":"created","_shards":{"total":2,"successful":1,"failed":0},"_seq_no":${i},"_primary_term":1,"status":201}}`;
    yield ']}';
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  await pipeline(Readable.from(items()), response);
}

async function serveGateway(): Promise<void> {
  const encoder = await loadEncoder(options.model);
  const gateway = createGateway({
    upstream: { url: options.upstream! },
    version: engineVersion('opensearch', '3.8.0'),
    encoder,
  });
  process.send!(await gateway.listen(0));
}

async function measure(): Promise<void> {
  const [engine, direct] = await started('engine');
  const [gateway, through] = await started('gateway', '--upstream', direct);
  const kinds = {
    'passed through': searchOf('other', false),
    'translated, text asked before': searchOf('planned', false),
  };
  for (const [kind, body] of Object.entries({ ...kinds, 'translated, new text': searchOf('planned', true) })) {
    const path = kind === 'passed through' ? '/other/_search' : '/planned/_search';
    await latencies(kind, { direct, through }, path, body);
  }
  for (const [kind, path] of [
    ['passed through', '/other/_search'],
    ['translated, text asked before', '/planned/_search'],
  ] as const) {
    const rates = { direct: 0, through: 0 };
    for (let round = 0; round < 2; round++) {
      rates.direct += (await rate(`${kind}, direct`, direct + path, kinds[kind]!)) / 2;
      rates.through += (await rate(`${kind}, through`, through + path, kinds[kind]!)) / 2;
    }
    figure(`${kind}, requests/s through over direct`, rates.through / rates.direct, 'x', 'more');
    console.log(
      `${kind}, ${options.clients} clients (${options.load}): ${rates.direct.toFixed(0)} requests/s direct, ${rates.through.toFixed(0)} through`,
    );
  }
  await bulk(through, gateway);
  gateway.kill();
  engine.kill();
  process.exit(0);
}

function started(role: string, ...more: string[]): Promise<[ChildProcess, string]> {
  const child = fork(fileURLToPath(import.meta.url), ['--role', role, '--model', options.model, ...more]);
  return new Promise((resolve) => child.once('message', (url) => resolve([child, String(url)])));
}

function searchOf(index: string, isNew: boolean): () => string {
  const words = 'how does a quick brown fox hunt mice in the evening snow'.split(' ');
  return () => {
    const text = isNew ? `${words.join(' ')} ${index} ${asked++}` : words.join(' ');
    return JSON.stringify({ query: { match: { text } }, size: 10 });
  };
}

function ask(url: string, body: string | AsyncGenerator<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) =>
      answer.resume().on('end', resolve),
    );
    sent.on('error', reject);
    if (typeof body === 'string') sent.end(body);
    else void write(sent, body);
  });
}

async function write(sent: ReturnType<typeof request>, pieces: AsyncGenerator<string>): Promise<void> {
  for await (const piece of pieces) if (!sent.write(piece)) await new Promise((resolve) => sent.once('drain', resolve));
  sent.end();
}

async function latencies(kind: string, urls: Record<string, string>, path: string, body: () => string): Promise<void> {
  const times: Record<string, number[]> = { direct: [], through: [] };
  const count = Number(options.requests);
  for (let i = 0; i < count; i++) {
    for (const [way, url] of Object.entries(urls)) {
      const begun = performance.now();
      await ask(url + path, body());
      if (i >= count / 10) times[way]!.push(performance.now() - begun);
    }
  }
  const at = [0.5, 0.95, 0.99].map((q) => [percentile(times.direct!, q), percentile(times.through!, q)] as const);
  figure(`${kind}, p50 added`, at[0]![1] - at[0]![0], 'ms', 'less');
  const shown = at.map(([a, b]) => `${a.toFixed(2)} -> ${b.toFixed(2)} (+${(b - a).toFixed(2)})`).join('   ');
  console.log(`${kind.padEnd(32)} p50 / p95 / p99 ms: ${shown}`);
}

async function rate(what: string, url: string, body: () => string): Promise<number> {
  if (options.load === 'wrk') {
    const { perSecond, p50, p99 } = await wrk(url, body(), Number(options.clients), TURN_MS / 1000);
    console.log(`${what.padEnd(40)} ${perSecond.toFixed(0)} requests/s, p50 ${p50}, p99 ${p99}`);
    return perSecond;
  }
  const until = performance.now() + TURN_MS;
  let done = 0;
  const client = async () => {
    for (; performance.now() < until; done++) await ask(url, body());
  };
  await Promise.all(Array.from({ length: Number(options.clients) }, client));
  return (1000 * done) / TURN_MS;
}

async function bulk(url: string, gateway: ChildProcess): Promise<void> {
  const megabytes = Number(options['bulk-megabytes']);
  const item = `{"index":{"_index":"other"}}\n{"text":"${'word '.repeat(400)}"}\n`;
  const items = Math.ceil((megabytes * 1_000_000) / item.length);
  let left = items;
  async function* pieces() {
    for (; left > 0; left -= 50) yield item.repeat(Math.min(50, left));
  }
  const before = residentMegabytes(gateway);
  const begun = performance.now();
  const samples = [{ sent: 0, seconds: 0, resident: before }];
  const sampling = setInterval(() => {
    const sent = Math.round(((items - Math.max(0, left)) * item.length) / 1_000_000);
    samples.push({ sent, seconds: (performance.now() - begun) / 1000, resident: residentMegabytes(gateway) });
  }, 100);
  await ask(`${url}/_bulk`, pieces());
  clearInterval(sampling);
  const seconds = (performance.now() - begun) / 1000;
  const most = Math.max(...samples.map(({ resident }) => resident));
  for (let share = 0; share <= 10; share++) {
    const sample = samples.find(({ sent }) => sent >= (share * megabytes) / 10) ?? samples.at(-1)!;
    console.log(`  ${sample.sent} MB sent after ${sample.seconds.toFixed(1)} s: resident ${sample.resident} MB`);
  }
  figure(`memory taken by a bulk of ${megabytes} MB`, most - before, 'MB', 'less');
  console.log(`bulk of ${megabytes} MB in ${seconds.toFixed(1)} s: resident ${before} MB before, ${most} MB at most`);
}

function residentMegabytes({ pid }: ChildProcess): number {
  const pages = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)![1];
  return Math.round(Number(pages) / 1024);
}
