import { DocumentationStage } from './documentation-stage.js';

/** Within a `describe`: a stage on the engine at `url`, with the indices that the documentation speaks of, for all tests in it. */
export function openedStage(url: () => Promise<string>): () => DocumentationStage {
  let stage: DocumentationStage;
  beforeAll(async () => {
    stage = await DocumentationStage.open(await url());
    const { exitCode, output } = await stage.run(INDICES);
    if (exitCode !== 0) throw new Error(output);
  }, 180_000);
  afterAll(() => stage?.[Symbol.asyncDispose]());
  return () => stage;
}

/** Two indices without vectors, as applications have them, and two with: what an earlier run left is deleted first. */
const INDICES = `
for index in books library shop shop-splade shop-next catalogue scifact notes; do curl -sf -X DELETE "$TERMWEAVE_URL/$index" || true; done
for index in shop catalogue; do
  jq -c '{index: {_id}}, del(._id)' shop.jsonl | curl -sf "$TERMWEAVE_URL/$index/_bulk?refresh=true" \\
    -H 'content-type: application/x-ndjson' --data-binary @- | jq -e '.errors | not'
done
curl -sf "$TERMWEAVE_URL/_aliases" -H 'content-type: application/json' -d '{"actions":[{"add":{"index":"shop","alias":"shop-search"}}]}'
termweave index books.jsonl --index books
termweave index scifact/corpus.jsonl --index scifact`;
