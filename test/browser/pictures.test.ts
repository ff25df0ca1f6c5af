import type { Engine } from '../../src/engine/engine.js';
import { onEveryExplorer, QUERY } from '../support/explorer-stage.js';

/** The pictures of docs/ are of a real engine. */
const isPictured = ({ version }: Engine) =>
  process.env.TERMWEAVE_WRITE_IMAGES !== undefined && version.flavour === 'opensearch';

// test/support/nfcorpus-tuning.json: `termweave tune nfcorpus --index nfcorpus --budget "p50 < 0.7x" --json`, splade-tiny, OpenSearch 3.8.0, a busy machine.

/** A picture is to show what searches take, not what other programs do beside them, or how long caches take to fill. */
const CALM_MS = 20;
const MOST_TRIES = 100;

onEveryExplorer(
  'the explorer in light and dark',
  (stage) => {
    /** Whether the answer to the page's next search comes on a calm machine. */
    const isCalm = async () => {
      const answered = stage.page.waitForResponse('**/api/search');
      await stage.search();
      const { columns } = (await (await answered).json()) as { columns: { milliseconds: number }[] };
      await stage.page.waitForTimeout(200);
      return columns.every(({ milliseconds }) => milliseconds < CALM_MS);
    };
    /** Each view with something in it. */
    const inUse = {
      encode: async () => {
        await stage.page.fill('#compare-text', 'Hunting with hounds chased the fox for sport.');
        await stage.waitForText('#compare-facts', /^score/);
        await stage.page.locator('#encode-expansions li', { hasText: 'hunters' }).hover();
      },
      search: async () => {
        const tries = isPictured(stage.engine()) ? MOST_TRIES : 1;
        for (let tried = 0; tried < tries && !(await isCalm()); tried++);
        await stage.page.locator('[data-system=splade]').first().click();
        await stage.page.waitForSelector('.answer');
      },
      prune: async () => {
        await stage.page.fill('#prune-text', QUERY);
        await stage.waitForText('#prune-query-facts', 'overlap');
        await stage.page.locator('#prune-query').fill('8');
        await stage.page.locator('#prune-documents').fill('20');
        await stage.waitForText('#prune-query-facts', '8 of');
        await stage.waitForText('#prune-documents-out', '20 %');
        await stage.page.setInputFiles('#prune-front', 'test/support/nfcorpus-tuning.json');
        await stage.page.waitForSelector('.plot');
      },
      index: async () => {
        await stage.page.click('#index-verify');
        await stage.waitForText('#index-verdict', /^Yes/);
        await stage.page.click('#index-count');
        await stage.page.waitForSelector('#index-statistics table');
      },
    };

    it.each(['light', 'dark'] as const)(
      'is legible in the %s, wide and narrow, without sideways scrolling',
      async (colorScheme) => {
        await stage.page.emulateMedia({ colorScheme });
        for (const width of [1280, 420]) {
          await stage.page.setViewportSize({ width, height: 860 });
          for (const view of ['encode', 'search', 'prune', 'index']) {
            await stage.page.goto('about:blank');
            await stage.open(view);
            await inUse[view as keyof typeof inUse]();
            await stage.page.evaluate('scrollTo(0, 0)');
            await stage.page.waitForTimeout(200);
            expect(await stage.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
            await stage.expectAccessible();
            if (isPictured(stage.engine()))
              await stage.page.screenshot({ path: `docs/images/${view}-${colorScheme}-${width}.png` });
          }
        }
      },
    );
  },
  {
    nameOf: (engine) => (isPictured(engine) ? 'wildlife' : undefined),
    // How the page looks does not depend on the version: one of each kind is enough.
    accept: ({ version }) => !version.startsWith('7.'),
  },
);
