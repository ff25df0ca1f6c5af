import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = readdirSync('docs').filter((name) => name.endsWith('.md'));

/** Every page of prose, from the root of the repository. docs/cli.md is generated and not among them: see help-examples.test.ts. */
export const DOCUMENTED_PAGES: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...DOCS.filter((name) => name !== 'cli.md').map((name) => join('docs', name)),
];
