import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { Encoder } from '../../src/encoder/encoder.js';
import { loadEncoder } from '../../src/encoder/load-encoder.js';
import type { Engine } from '../../src/engine/engine.js';
import { describeInChromium, launchChromium } from '../support/chromium.js';
import { onEveryConnectedEngine } from '../support/connected-engines.js';
import { exploredIndex } from '../support/explored-index.js';

const QUERY = 'how does a fox hunt at night';
const AXE = readFileSync(createRequire(`${process.cwd()}/package.json`).resolve('axe-core/axe.min.js'), 'utf8');

describeInChromium('the explorer in Chromium', () => {
  onEveryConnectedEngine('explorer', (engine: () => Engine) => {
    let browser: Browser;
    let encoder: Encoder;
    let explored: Awaited<ReturnType<typeof exploredIndex>>;
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      browser = await launchChromium();
      encoder = await loadEncoder('splade-tiny', { workers: 1 });
      explored = await exploredIndex(engine(), encoder, isPictured() ? 'wildlife' : undefined);
    }, 120_000);
    afterAll(async () => {
      await explored?.explorer[Symbol.asyncDispose]();
      await encoder?.[Symbol.asyncDispose]();
      await browser?.close();
    });

    /** The pictures of docs/ are of a real engine. */
    const isPictured = () =>
      process.env.TERMWEAVE_WRITE_IMAGES !== undefined && engine().version.flavour === 'opensearch';

    beforeEach(async () => {
      page = await browser.newPage();
      problems = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('request', (request) => {
        if (!request.url().startsWith(explored.url) && !request.url().startsWith('blob:'))
          problems.push(`asks ${request.url()}`);
      });
    });
    /** No error, no request elsewhere, no script of a document, in any test. */
    afterEach(async () => {
      expect(await page.evaluate('window.hostile')).toBeUndefined();
      expect(problems).toEqual([]);
      await page.close();
    });

    const open = async (view: string) => {
      await page.goto(`${explored.url}/#${view}`);
      await page.waitForSelector('body[data-ready]');
    };
    /** The policy of the page forbids what `waitForFunction` does with a string. */
    const waitForText = (selector: string, text: string | RegExp) =>
      page.locator(selector, { hasText: text }).waitFor();
    const search = async (text = QUERY) => {
      await page.fill('#search-text', text);
      await page.press('#search-text', 'Enter');
      await page.waitForSelector('[data-system=splade]');
    };
    const expectAccessible = async () => {
      await page.evaluate(AXE);
      const found = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes.map(({ html }) => html).join(" | ")))',
      );
      expect(found).toEqual([]);
    };

    it('encodes while one types, and tells typed words from expansions', async () => {
      await open('encode');
      await page.fill('#encode-text', 'fox');
      await waitForText('#encode-facts', '1 of them typed');
      const [typed] = await page.locator('#encode-typed .token').allTextContents();
      const expansions = await page.locator('#encode-expansions .token').allTextContents();
      const [encoded] = await encoder.encode(['fox'], { as: 'query' });
      expect([typed, ...expansions].sort()).toEqual(
        encoded!.vector
          .heaviestFirst()
          .map(({ token }) => token)
          .sort(),
      );
      expect(typed).toBe('fox');
      await expectAccessible();
    });

    it('marks the word that called a term', async () => {
      await open('encode');
      await page.waitForSelector('#encode-expansions li');
      await page.locator('#encode-typed li', { hasText: 'hunt' }).first().hover();
      expect(await page.locator('#encode-marked mark').allTextContents()).toEqual(['hunt']);
    });

    it('compares two texts by their products', async () => {
      await open('encode');
      await page.waitForSelector('#encode-typed li');
      await page.fill('#compare-text', 'a fox hunts mice');
      await waitForText('#compare-facts', /^score/);
      const [query, document] = [
        await encoder.encode([QUERY], { as: 'query' }),
        await encoder.encode(['a fox hunts mice']),
      ];
      const weights = new Map(Array.from(document[0]!.vector.terms(), ({ token, weight }) => [token, weight]));
      const score = [...query[0]!.vector.terms()].reduce(
        (sum, { token, weight }) => sum + weight * (weights.get(token) ?? 0),
        0,
      );
      expect(await page.textContent('#compare-facts')).toContain(`score ${score.toFixed(4)},`);
    });

    it('shows three rankings, as the engine gives them, and explains a hit', async () => {
      await open('search');
      await search();
      const [encoded] = await encoder.encode([QUERY], { as: 'query' });
      const { hits } = await explored.index.search(encoded!.vector, { size: 10 });
      const shown = await page
        .locator('[data-system=splade]')
        .evaluateAll((all) => all.map((one) => (one as unknown as { dataset: { id: string } }).dataset.id));
      expect(shown).toEqual(hits.map(({ id }) => id));
      expect(await page.locator('#search-rankings path').count()).toBeGreaterThan(3);
      await page.locator('[data-system=splade]').first().click();
      await page.waitForSelector('.answer');
      expect(await page.textContent('.answer h2')).toContain(`add up to ${hits[0]!.score}`);
      await expectAccessible();
    });

    it('shows hostile documents as text', async () => {
      await open('search');
      await search('fox script');
      const hostile = page.locator('[data-system=bm25][data-id=d14]');
      expect(await hostile.textContent()).toContain('<img src=x onerror=');
      await hostile.click();
      await page.waitForSelector('.answer');
      expect(await page.locator('main img, main script').count()).toBe(0);
    });

    it('is used from the keyboard alone: to a hit, its explanation, a judgement, the export', async () => {
      await open('encode');
      await page.focus('#tab-encode');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Tab');
      await page.keyboard.type(QUERY);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-system=splade]');
      await page.keyboard.press('Tab');
      await page.keyboard.press('2');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.answer');
      expect(await page.textContent('#search-judged')).toBe('1 judged');
      const judged = await page.evaluate('document.activeElement.dataset.id');
      const downloads: import('playwright-core').Download[] = [];
      page.on('download', (download) => downloads.push(download));
      await page.focus('#search-qrels');
      await page.keyboard.press('Enter');
      while (downloads.length < 2) await page.waitForTimeout(50);
      const qrels = downloads.find((one) => one.suggestedFilename() === 'qrels.tsv')!;
      expect(readFileSync((await qrels.path())!, 'utf8')).toBe(`query-id\tcorpus-id\tscore\nq1\t${judged}\t2\n`);
    });

    it('prunes live', async () => {
      await open('prune');
      await page.fill('#prune-text', QUERY);
      await page.locator('#prune-query').fill('4');
      await waitForText('#prune-query-facts', '4 of');
      await page.locator('#prune-documents').fill('40');
      await waitForText('#prune-documents-out', '40 %');
      await waitForText('#prune-documents-facts', /non-zeros a document[\d.]+ of [\d.]+/);
      const cost = (p50: number, clauses: number) => ({ p50, p95: p50 * 2, clauses });
      const candidates = [
        { name: 'splade', development: 0.6, unseen: 0.59, cost: cost(8, 30), onFront: true },
        { name: 'splade+prune(topK 8)', development: 0.58, unseen: 0.57, cost: cost(3, 8), onFront: true },
        { name: 'bm25', development: 0.5, unseen: 0.5, cost: cost(4, 0), onFront: false },
      ];
      const file = {
        name: 'tuning.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify({ measure: 'nDCG@10', candidates, pick: candidates[1] })),
      };
      await page.setInputFiles('#prune-front', file);
      await page.locator('.plot circle').first().click();
      expect(await page.textContent('#prune-pick')).toContain('splade: nDCG@10 0.6000');
      await expectAccessible();
    });

    it('says what the index holds, and verifies it', async () => {
      await open('index');
      await page.click('#index-verify');
      await waitForText('#index-verdict', /^Yes/);
      await page.click('#index-count');
      await page.waitForSelector('#index-statistics table');
      expect(await page.textContent('#index-statistics')).toContain('entries a vector');
      await expectAccessible();
    });

    /** Each view with something in it. */
    const inUse = {
      encode: async () => {
        await page.fill('#compare-text', 'Hunting with hounds chased the fox for sport.');
        await waitForText('#compare-facts', /^score/);
      },
      // Twice: the first answer tells how long caches take to fill.
      search: async () => {
        await search();
        await page.waitForTimeout(200);
        await search();
      },
      prune: async () => {
        await page.fill('#prune-text', QUERY);
        await page.locator('#prune-query').fill('8');
        await page.locator('#prune-documents').fill('20');
        await waitForText('#prune-documents-facts', 'overlap');
      },
      index: async () => {
        await page.click('#index-verify');
        await waitForText('#index-verdict', /^Yes/);
        await page.click('#index-count');
        await page.waitForSelector('#index-statistics table');
      },
    };

    it('takes the query of a search over to its pruning', async () => {
      await open('search');
      await search();
      await page.click('#tab-prune');
      await waitForText('#prune-query-facts', ' of ');
      expect(await page.inputValue('#prune-text')).toBe(QUERY);
    });

    it.each(['light', 'dark'] as const)(
      'is legible in the %s, wide and narrow, without sideways scrolling',
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        for (const width of [1280, 420]) {
          await page.setViewportSize({ width, height: 860 });
          for (const view of ['encode', 'search', 'prune', 'index']) {
            await page.goto('about:blank');
            await open(view);
            await inUse[view as keyof typeof inUse]();
            await page.waitForTimeout(200);
            expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
            await expectAccessible();
            if (isPictured()) await page.screenshot({ path: `docs/images/${view}-${colorScheme}-${width}.png` });
          }
        }
      },
    );
  });
});
