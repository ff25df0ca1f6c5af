import { createServer } from 'node:http';
import { homeFolder } from '../../dist/cli/settings.js';
import { prepareEngine } from '../../dist/sandbox/prepare-engine.js';
import { startSandbox } from '../../dist/sandbox/start-sandbox.js';
import { testedEngines } from './tested-engines.mjs';

/**
 * Jest's globalSetup of the contract suites: one engine of each kind for all test files, wherever Jest runs them. Lives in Jest's
 * own process and listens on loopback; an engine starts when the first test asks for it. The engines are children that end with
 * this process, so nothing is left however the run ends.
 */
export default async function startBroker() {
  const engines = [];
  for (const wanted of testedEngines(process.env.TERMWEAVE_TEST_ENGINES)) engines.push(await inspect(wanted));
  const sandboxes = new Map();
  const server = createServer((request, response) => answer(request, response, sandboxes)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  server.unref();
  process.env.TERMWEAVE_TEST_BROKER = JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, engines });
  globalThis.termweaveEngineBroker = { engines, sandboxes, server };
}

/** An engine that cannot be had is not run, and said to be: its reason travels to the suites and to the closing line. */
async function inspect({ engine, version }) {
  const facts = { name: `${engine}-${version}`, engine, version };
  if (way.via === 'container') return facts;
  try {
    await prepareEngine({ ...facts, ...machine, onProgress: ({ step, detail }) => console.error(`${step} ${detail}`) });
    return facts;
  } catch (error) {
    return { ...facts, missing: error.message };
  }
}

/** Under Java, or in a container where `.ci/containers` says so, from the image that it built. */
const way = { via: process.env.TERMWEAVE_TEST_VIA ?? 'java', image: process.env.TERMWEAVE_TEST_IMAGE };
const machine = { home: homeFolder(), javaHome: process.env.JAVA_HOME };

async function answer(request, response, sandboxes) {
  // A connection kept alive may be closed by this end just as a busy test uses it again.
  response.setHeader('connection', 'close');
  const { searchParams } = new URL(request.url, 'http://broker');
  const [engine, version] = [searchParams.get('engine'), searchParams.get('version')];
  const key = `${engine} ${version}`;
  if (!sandboxes.has(key)) {
    const starting = startSandbox({
      engine,
      version,
      via: 'java',
      home: homeFolder(),
      javaHome: process.env.JAVA_HOME,
    });
    sandboxes.set(key, starting);
  }
  try {
    const { url } = await sandboxes.get(key);
    response.end(JSON.stringify({ url }));
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
}
