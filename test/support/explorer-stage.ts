import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { Encoder } from '../../src/encoder/encoder.js';
import { loadEncoder } from '../../src/encoder/load-encoder.js';
import type { Engine } from '../../src/engine/engine.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { onEveryConnectedEngine } from './connected-engines.js';
import { exploredIndex } from './explored-index.js';

/** What the views are asked. */
export const QUERY = 'how does a fox hunt at night';

const AXE = readFileSync(createRequire(`${process.cwd()}/package.json`).resolve('axe-core/axe.min.js'), 'utf8');

/** An explorer of a small index, and a fresh page of Chromium for each test. */
export class ExplorerStage {
  encoder!: Encoder;
  explored!: Awaited<ReturnType<typeof exploredIndex>>;
  page!: Page;
  #browser: Browser | undefined;
  #problems: string[] = [];

  constructor(readonly engine: () => Engine) {}

  /** @param name the index's; a fresh one where absent. */
  async start(name?: string): Promise<void> {
    this.#browser = await launchChromium();
    this.encoder = await loadEncoder('splade-tiny', { workers: 1 });
    this.explored = await exploredIndex(this.engine(), this.encoder, name);
  }

  async end(): Promise<void> {
    await this.explored?.explorer[Symbol.asyncDispose]();
    await this.encoder?.[Symbol.asyncDispose]();
    await this.#browser?.close();
  }

  async openPage(): Promise<void> {
    this.page = await this.#browser!.newPage();
    this.#problems = [];
    this.page.on('pageerror', (error) => this.#problems.push(String(error)));
    this.page.on('console', (message) => message.type() === 'error' && this.#problems.push(message.text()));
    this.page.on('request', (request) => {
      if (!request.url().startsWith(this.explored.url) && !request.url().startsWith('blob:'))
        this.#problems.push(`asks ${request.url()}`);
    });
  }

  /** No error, no request elsewhere, no script of a document, in any test. */
  async closePage(): Promise<void> {
    expect(await this.page.evaluate('window.hostile')).toBeUndefined();
    expect(this.#problems).toEqual([]);
    await this.page.close();
  }

  /** Takes away problems that a test has asked for. */
  forgive(pattern: RegExp): void {
    this.#problems = this.#problems.filter((one) => !pattern.test(one));
  }

  async open(view: string): Promise<void> {
    await this.page.goto(`${this.explored.url}/#${view}`);
    await this.page.waitForSelector('body[data-ready]');
  }

  /** The policy of the page forbids what `waitForFunction` does with a string. */
  waitForText(selector: string, text: string | RegExp): Promise<void> {
    return this.page.locator(selector, { hasText: text }).waitFor();
  }

  async search(text = QUERY): Promise<void> {
    await this.page.fill('#search-text', text);
    await this.page.press('#search-text', 'Enter');
    await this.page.waitForSelector('[data-system=splade]');
  }

  /** The documents that are shown of a system, in their order. */
  idsOf(system: string): Promise<(string | undefined)[]> {
    return this.page
      .locator(`[data-system=${system}]`)
      .evaluateAll((all) => all.map((one) => (one as unknown as { dataset: { id: string } }).dataset.id));
  }

  /** What the explorer answers the page. */
  async answerOf<T>(path: string, body: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.explored.url}/api/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  }

  /** Whether all of an element is in the window. */
  async isInWindow(selector: string): Promise<boolean> {
    const box = (await this.page.locator(selector).boundingBox())!;
    return box.y >= 0 && box.y + box.height <= this.page.viewportSize()!.height;
  }

  async expectAccessible(): Promise<void> {
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes.map(({ html }) => html).join(" | ")))',
    );
    expect(found).toEqual([]);
  }
}

/** A suite in Chromium, for the memory engine and for every real one that is accepted; `nameOf` gives the index's name where it is to have one. */
export function onEveryExplorer(
  title: string,
  suite: (stage: ExplorerStage) => void,
  { nameOf = () => undefined, accept }: ExplorerSuiteOptions = {},
): void {
  describeInChromium(title, () => {
    onEveryConnectedEngine(
      title,
      (engine) => {
        const stage = new ExplorerStage(engine);
        beforeAll(() => stage.start(nameOf(engine())), 120_000);
        afterAll(() => stage.end());
        beforeEach(() => stage.openPage());
        afterEach(() => stage.closePage());
        suite(stage);
      },
      accept,
    );
  });
}

interface ExplorerSuiteOptions {
  readonly nameOf?: (engine: Engine) => string | undefined;
  readonly accept?: Parameters<typeof onEveryConnectedEngine>[2];
}
