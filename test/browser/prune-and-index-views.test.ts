import { onEveryExplorer, QUERY } from '../support/explorer-stage.js';

onEveryExplorer('the explorer: Prune and Index', (stage) => {
  it('refuses a file that is no tuning', async () => {
    await stage.open('prune');
    for (const text of ['{"candidates":[]}', '{"candidates":[{}]}', 'null', '{']) {
      const file = { name: 'tuning.json', mimeType: 'application/json', buffer: Buffer.from(text) };
      await stage.page.setInputFiles('#prune-front', file);
      await stage.waitForText('#prune-pick', 'is not what');
      expect(await stage.page.locator('.plot').count()).toBe(0);
    }
  });

  it('prunes live', async () => {
    await stage.open('prune');
    await stage.page.fill('#prune-text', QUERY);
    await stage.page.locator('#prune-query').fill('4');
    await stage.waitForText('#prune-query-facts', '4 of');
    const clauses = /of (\d+)/.exec((await stage.page.textContent('#prune-query-facts'))!)![1];
    expect(await stage.page.getAttribute('#prune-query', 'max')).toBe(clauses);
    await stage.page.locator('#prune-documents').fill('40');
    await stage.waitForText('#prune-documents-out', '40 %');
    await stage.waitForText('#prune-documents-facts', /non-zeros a document[\d.]+ of [\d.]+/);
    const cost = (p50: number, clauses: number) => ({ p50, p95: p50 * 2, clauses });
    const candidates = [
      { name: 'splade', development: 0.6, unseen: 0.59, cost: cost(8, 30), onFront: true },
      { name: 'splade+prune(topK 8)', development: 0.58, unseen: 0.57, cost: cost(3, 8), onFront: true },
      // Of one query, so that nothing is unseen.
      { name: 'bm25', development: 0.5, cost: cost(4, 0), onFront: false },
    ];
    const file = {
      name: 'tuning.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ measure: 'nDCG@10', candidates, pick: candidates[1] })),
    };
    await stage.page.setInputFiles('#prune-front', file);
    await stage.page.locator('.plot circle').first().click();
    expect(await stage.page.textContent('#prune-pick')).toContain('splade: nDCG@10 0.6000');
    await stage.page.locator('.plot circle').last().click();
    expect(await stage.page.textContent('#prune-pick code')).toBe('{"search":{"system":"bm25"}}');
    expect(await stage.page.locator('.plot text').allTextContents()).toEqual([
      ...['3.0', '8.0', '0.500', '0.600', 'p50, ms, logarithmic →', 'nDCG@10 ↑'],
    ]);
    await stage.expectAccessible();
  });

  it('takes the query of a search over to its pruning', async () => {
    await stage.open('search');
    await stage.search();
    await stage.page.click('#tab-prune');
    await stage.waitForText('#prune-query-facts', ' of ');
    expect(await stage.page.inputValue('#prune-text')).toBe(QUERY);
  });

  it('says what the index holds, and verifies it', async () => {
    await stage.open('index');
    await stage.page.click('#index-verify');
    await stage.waitForText('#index-verdict', /^Yes/);
    await stage.page.click('#index-count');
    await stage.page.waitForSelector('#index-statistics table');
    expect(await stage.page.textContent('#index-statistics')).toContain('entries a vector');
    await stage.expectAccessible();
  });

  it('gives up what it has said of a report that did not come', async () => {
    await stage.open('index');
    const error = { asked: 'verify', found: 'the engine is away', remedy: 'Wait', code: 'ENGINE_UNREACHABLE' };
    await stage.page.route('**/api/{verify,statistics}', (route) => route.fulfill({ status: 502, json: { error } }));
    for (const [button, place] of [
      ['#index-verify', '#index-verdict'],
      ['#index-count', '#index-statistics'],
    ] as const) {
      await stage.page.click(button);
      await stage.waitForText('#problem', 'the engine is away');
      await stage.page.waitForSelector(`${button}[aria-disabled=false]`);
      expect(await stage.page.textContent(place)).toBe('');
    }
    stage.forgive(/502/);
  });

  it('shows what a verification found wrong', async () => {
    await stage.open('index');
    const examples = [{ kind: 'score', query: 'q <b>1</b>', id: 'd1', actual: 1.5, expected: 1.25, terms: [] }];
    const report = { queries: 1, documents: 2, scores: 2, disagreements: 1, maxUlp: 3, orderDependent: 0, examples };
    await stage.page.route('**/api/verify', (route) => route.fulfill({ json: report }));
    await stage.page.click('#index-verify');
    await stage.waitForText('#index-verdict', /^No, 1 disagree/);
    expect(await stage.page.locator('#index-disagreements td').allTextContents()).toEqual([
      ...['score', 'q <b>1</b>', 'd1', '1.5', '1.25'],
    ]);
    await stage.expectAccessible();
  });

  it('shows how far a reindex is, while it runs', async () => {
    const run = (documents: number) => ({
      ...{ source: 'shop', state: 'loading', documents, failed: 0, expected: 40, running: 1, missing: ['2/2'] },
      slices: [{ part: 1, of: 2, state: 'running', documents, failed: 0 }],
    });
    let documents = 0;
    await stage.page.route('**/api/progress', (route) => {
      documents += 10;
      return route.fulfill({ json: { run: run(documents) } });
    });
    await stage.open('index');
    await stage.waitForText('#index-progress', 'from shop: loading, 10 of 40 documents');
    await stage.waitForText('#index-progress', '20 of 40 documents');
    expect(await stage.page.getAttribute('#index-progress progress', 'value')).toBe('20');
    expect(await stage.page.locator('#index-progress tr').last().textContent()).toBe('2 of 2not begun');
    await stage.expectAccessible();
  });
});
