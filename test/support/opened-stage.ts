import { homeFolder } from '../../src/cli/settings.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.js';
import { DocumentationStage } from './documentation-stage.js';
import { STARTS_ENGINES_MS, type TestedEngine } from './engines.js';

/**
 * Within a `describe`: a stage with the indices that the documentation speaks of, for all tests in it. Their names are fixed, so the
 * engine is the stage's own: on a shared one two suites that open a stage at once would delete each other's indices.
 */
export function openedStage({ engine, version }: TestedEngine): () => DocumentationStage {
  let sandbox: Sandbox;
  let stage: DocumentationStage;
  beforeAll(async () => {
    sandbox = await startSandbox({ engine, version, heap: '512m', via: 'java', home: homeFolder() });
    stage = await DocumentationStage.open(sandbox.url);
    const { exitCode, output } = await stage.run(INDICES);
    if (exitCode !== 0) throw new Error(output);
  }, STARTS_ENGINES_MS);
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await sandbox?.stop();
  });
  return () => stage;
}

/** Two indices without vectors, as applications have them, and two with. */
const INDICES = `
for index in shop catalogue; do
  jq -c '{index: {_id}}, del(._id)' shop.jsonl | curl -sf "$TERMWEAVE_URL/$index/_bulk?refresh=true" \\
    -H 'content-type: application/x-ndjson' --data-binary @- | jq -e '.errors | not'
done
curl -sf "$TERMWEAVE_URL/_aliases" -H 'content-type: application/json' -d '{"actions":[{"add":{"index":"shop","alias":"shop-search"}}]}'
termweave index books.jsonl --index books
termweave index scifact/corpus.jsonl --index scifact`;
