import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine (Debian: `apt-get install chromium`), or `undefined`. */
export const chromiumPath = [process.env.TERMWEAVE_TEST_CHROMIUM, ...PLACES].find((path) => path && existsSync(path));

/** `describe`, or a skipped one that says aloud what was not run. With `CI` set a missing browser fails. */
export function describeInChromium(title: string, suite: () => void): void {
  if (!chromiumPath) process.stderr.write(`NOT RUN: ${title}: no Chromium on this machine\n`);
  if (chromiumPath) describe(title, suite);
  else if (process.env.CI) it(`${title}: needs Chromium`, () => expect(chromiumPath).toBeDefined());
  else describe.skip(title, suite);
}

/** Starts it, without a window. Root needs its sandbox off; the pages are our own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}
