import type { Ended } from './documentation-stage.js';

/** `tune` ends with 1 where a budget allows no candidate, as may be on eight documents. */
const MAY_SAY_NO = /\btermweave tune\b/;

/** A command of the documentation did what it says: it ended with 0, or gave a no that is an answer. */
export function expectRight(script: string, { exitCode, output }: Ended): void {
  const saysNo = exitCode === 1 && MAY_SAY_NO.test(script) && /budget/.test(output);
  expect(exitCode === 0 || saysNo ? '' : `exit ${exitCode}: ${output}`).toBe('');
}
