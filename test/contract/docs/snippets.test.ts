import { parse } from 'yaml';
import { DOCUMENTED_PAGES } from '../../support/documented-pages.js';
import { onEveryEngine } from '../../support/engines.js';
import { expectRight } from '../../support/expect-right.js';
import { openedStage } from '../../support/opened-stage.js';
import { type Snippet, snippetsOf } from '../../support/snippets.js';

// docs/library.md is run on every engine by its own suite.
const snippets = DOCUMENTED_PAGES.filter((page) => page !== 'docs/library.md').flatMap(snippetsOf);
const titled = (chosen: readonly Snippet[]) =>
  chosen.map((snippet) => [`${snippet.page}, ${snippet.heading}: ${snippet.code.split('\n')[0]}`, snippet] as const);
const isRun = ({ language, notRun }: Snippet) => /^(sh|console|js)$/.test(language) && notRun === undefined;

/** The commands of a transcript, or of a script. */
function scriptOf({ language, code }: Snippet): string {
  if (language !== 'console') return code;
  return [...code.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command).join('\n');
}

describe('the fenced blocks of the documentation', () => {
  it('say what they are', () => {
    const known = /^(sh|console|js|json|yaml|http|text)$/;
    expect(snippets.filter(({ language }) => !known.test(language))).toEqual([]);
  });

  const data = titled(snippets.filter(({ language }) => /^(json|yaml)$/.test(language)));
  (data.length > 0 ? it.each(data) : it.skip.each([['none is data', undefined]]))('%s', (_, snippet) => {
    expect(() => parse(snippet!.code, { strict: true })).not.toThrow();
  });
});

// One engine is enough: what the commands do on each is shown by their own suites.
onEveryEngine(
  'the commands of the documentation',
  (engine) => {
    const stage = openedStage(engine);
    for (const { page, heading, notRun } of snippets.filter(({ notRun }) => notRun !== undefined))
      process.stderr.write(`NOT RUN: ${page}, ${heading}: ${notRun}\n`);

    it.each(titled(snippets.filter(isRun)))('%s', async (_, snippet) => {
      const ended =
        snippet.language === 'js' ? await stage().runModule(snippet.code) : await stage().run(scriptOf(snippet));
      expectRight(snippet.code, ended);
    });
  },
  ({ engine }) => engine === 'opensearch',
);
