import { readFileSync } from 'node:fs';
import { onEveryExplorer, QUERY } from '../support/explorer-stage.js';

interface Rankings {
  readonly columns: readonly { readonly hits: readonly { readonly id: string }[] }[];
}

onEveryExplorer('the explorer: Search', (stage) => {
  it('shows three rankings, as the engine gives them, and explains a hit', async () => {
    await stage.open('search');
    await stage.search();
    const [encoded] = await stage.encoder.encode([QUERY], { as: 'query' });
    const { hits } = await stage.explored.index.search(encoded!.vector, { size: 10 });
    expect(await stage.idsOf('splade')).toEqual(hits.map(({ id }) => id));
    expect(await stage.page.locator('#search-rankings path').count()).toBeGreaterThan(3);
    await stage.page.locator('[data-system=splade]').first().click();
    await stage.page.waitForSelector('.answer');
    expect(await stage.page.textContent('.answer h2')).toContain(`add up to ${Number(hits[0]!.score.toPrecision(9))}`);
    await stage.expectAccessible();
  });

  it.each([1280, 420])('shows a hit and its explanation together, in a window %d wide', async (width) => {
    await stage.page.setViewportSize({ width, height: 860 });
    await stage.open('search');
    await stage.search();
    for (const place of ['first', 'last'] as const) {
      const hit = stage.page.locator('[data-system=splade]')[place]();
      const id = await hit.getAttribute('data-id');
      await hit.click();
      await stage.waitForText('.answer h2', `${id}:`);
      expect(await stage.isInWindow('.answer')).toBe(true);
      expect(await stage.isInWindow(`[data-system=splade][data-id=${id}]`)).toBe(true);
    }
    await stage.page.keyboard.press('Escape');
    expect(await stage.page.locator('.answer').count()).toBe(0);
  });

  it('says of each hit where the ranking before had it', async () => {
    await stage.open('search');
    await stage.search();
    const { columns } = await stage.answerOf<Rankings>('search', { text: QUERY });
    const [bm25, splade] = columns.map(({ hits }) => hits.map(({ id }) => id));
    const said = splade!.slice(0, 10).map((id, rank) => {
      const was = bm25!.indexOf(id);
      if (was === -1) return 'new';
      return was === rank ? '' : `${was > rank ? '↑' : '↓'} ${was + 1}`;
    });
    const shown = await stage.page.locator('[data-system=splade]').evaluateAll((all) =>
      all.map((one) => {
        const hit = one as unknown as { querySelector(of: string): { textContent: string } | null };
        return hit.querySelector('.moved')?.textContent ?? '';
      }),
    );
    expect(shown).toEqual(said);
  });

  it('says where nothing was found', async () => {
    await stage.open('search');
    await stage.page.fill('#search-text', 'zzzzqqqq');
    await stage.page.press('#search-text', 'Enter');
    await stage.waitForText('#search-rankings div:first-child', 'nothing found');
  });

  it('copies the body that the engine takes', async () => {
    await stage.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await stage.open('search');
    expect(await stage.page.isDisabled('#search-copy')).toBe(true);
    await stage.search();
    await stage.page.click('#search-copy');
    await stage.waitForText('#search-facts', 'clipboard');
    const [line, ...body] = ((await stage.page.evaluate('navigator.clipboard.readText()')) as string).split('\n');
    expect(line).toBe(`POST /${stage.explored.index.name}/_search`);
    const { hits } = await stage.engine().search(stage.explored.index.name, JSON.parse(body.join('\n')));
    expect(hits.map(({ id }) => id)).toEqual(await stage.idsOf('splade'));
  });

  it('shows hostile documents as text', async () => {
    await stage.open('search');
    await stage.search('fox script');
    const hostile = stage.page.locator('[data-system=bm25][data-id=d14]');
    expect(await hostile.textContent()).toContain('<img src=x onerror=');
    await hostile.click();
    await stage.page.waitForSelector('.answer');
    expect(await stage.page.locator('main img, main script').count()).toBe(0);
  });

  it('is used from the keyboard alone: to a hit, its explanation, a judgement, the export', async () => {
    await stage.open('encode');
    await stage.page.focus('#tab-encode');
    await stage.page.keyboard.press('ArrowRight');
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.type(QUERY);
    await stage.page.keyboard.press('Enter');
    await stage.page.waitForSelector('[data-system=splade]');
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press('2');
    await stage.page.keyboard.press('Enter');
    await stage.page.waitForSelector('.answer');
    expect(await stage.page.textContent('#search-judged')).toBe('1 judged');
    const judged = await stage.page.evaluate('document.activeElement.dataset.id');
    const downloads: import('playwright-core').Download[] = [];
    stage.page.on('download', (download) => downloads.push(download));
    await stage.page.focus('#search-qrels');
    await stage.page.keyboard.press('Enter');
    while (downloads.length < 2) await stage.page.waitForTimeout(50);
    const qrels = downloads.find((one) => one.suggestedFilename() === 'qrels.tsv')!;
    expect(readFileSync((await qrels.path())!, 'utf8')).toBe(`query-id\tcorpus-id\tscore\nq1\t${judged}\t2\n`);
  });

  it('keeps judgements over a reload, and takes one back', async () => {
    await stage.open('search');
    expect(await stage.page.isDisabled('#search-qrels')).toBe(true);
    await stage.search();
    await stage.page.locator('[data-system=bm25]').first().press('3');
    await stage.page.locator('[data-system=bm25]').nth(1).press('0');
    await stage.page.reload();
    await stage.page.waitForSelector('body[data-ready]');
    expect(await stage.page.textContent('#search-judged')).toBe('2 judged');
    await stage.search();
    expect(await stage.page.locator('[data-system=bm25] .grade').first().textContent()).toBe('3');
    await stage.page.locator('[data-system=bm25]').first().press('Delete');
    expect(await stage.page.textContent('#search-judged')).toBe('1 judged');
  });
});
