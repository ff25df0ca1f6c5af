import { createExplorer } from '../../src/explorer/create-explorer.js';
import { onEveryExplorer, QUERY } from '../support/explorer-stage.js';

onEveryExplorer('the explorer: Encode', (stage) => {
  it('encodes while one types, and tells typed words from expansions', async () => {
    await stage.open('encode');
    await stage.page.fill('#encode-text', 'fox');
    await stage.waitForText('#encode-facts', '1 of them typed');
    const [typed] = await stage.page.locator('#encode-typed .token').allTextContents();
    const expansions = await stage.page.locator('#encode-expansions .token').allTextContents();
    const [encoded] = await stage.encoder.encode(['fox'], { as: 'query' });
    expect([typed, ...expansions].sort()).toEqual(
      encoded!.vector
        .heaviestFirst()
        .map(({ token }) => token)
        .sort(),
    );
    expect(typed).toBe('fox');
    await stage.expectAccessible();
  });

  it('marks the word that called a term', async () => {
    await stage.open('encode');
    await stage.page.waitForSelector('#encode-expansions li');
    await stage.page.locator('#encode-typed li', { hasText: 'hunt' }).first().hover();
    expect(await stage.page.locator('#encode-marked mark').allTextContents()).toEqual(['hunt']);
  });

  it('keeps long words inside of the page, and writes from the right what is read from there', async () => {
    await stage.page.setViewportSize({ width: 420, height: 860 });
    await stage.open('encode');
    await stage.page.fill('#encode-text', `${'שלום '.repeat(3)}${'donaudampfschifffahrt'.repeat(40)}`);
    await stage.waitForText('#encode-marked', 'donau');
    expect(await stage.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    for (const place of ['encode-text', 'encode-marked'])
      expect(await stage.page.evaluate(`getComputedStyle(document.getElementById('${place}')).direction`)).toBe('rtl');
  });

  it('says how many terms a list leaves out', async () => {
    await stage.open('encode');
    await stage.page.selectOption('#encode-as', 'document');
    await stage.page.fill('#encode-text', Array.from({ length: 60 }, (_, i) => `${QUERY} bread ${i} water`).join(' '));
    await stage.waitForText('#encode-facts', 'cut off');
    const listed = await stage.page.locator('#encode-expansions li').count();
    const text = await stage.page.inputValue('#encode-text');
    const { terms } = await stage.answerOf<{ terms: { typed: boolean }[] }>('encode', { as: 'document', text });
    const expansions = terms.filter(({ typed }) => !typed).length;
    const more = await stage.page.textContent('#encode-expansions-more');
    expect(more).toBe(expansions > 40 ? `the 40 heaviest; ${expansions - 40} lighter ones are not shown` : '');
    expect(listed).toBe(Math.min(expansions, 40));
  });

  it('compares two texts by their products', async () => {
    await stage.open('encode');
    await stage.page.waitForSelector('#encode-typed li');
    await stage.page.fill('#compare-text', 'a fox hunts mice');
    await stage.waitForText('#compare-facts', /^score/);
    const [query, document] = [
      await stage.encoder.encode([QUERY], { as: 'query' }),
      await stage.encoder.encode(['a fox hunts mice']),
    ];
    const weights = new Map(Array.from(document[0]!.vector.terms(), ({ token, weight }) => [token, weight]));
    const score = [...query[0]!.vector.terms()].reduce(
      (sum, { token, weight }) => sum + weight * (weights.get(token) ?? 0),
      0,
    );
    expect(await stage.page.textContent('#compare-facts')).toContain(`score ${score.toFixed(4)},`);
  });

  it('says that the explorer has ended', async () => {
    const { encoder, page, explored } = stage;
    const models = [encoder.identity.id];
    const other = createExplorer({ encoder, index: explored.index, models, openModel: async () => encoder });
    await page.goto(`${await other.listen(0)}/#encode`);
    await page.waitForSelector('#encode-typed li');
    await other[Symbol.asyncDispose]();
    await page.fill('#encode-text', 'bread');
    await stage.waitForText('#problem', 'does not answer');
    // The browser's own line, and the address of this other explorer.
    stage.forgive(/Failed to load resource|^asks /);
  });
});
