import { buildProgram } from '../../../src/cli/main.js';
import { onEveryEngine } from '../../support/engines.js';
import { expectRight } from '../../support/expect-right.js';
import { examplesOf, NOT_RUN_EXAMPLES } from '../../support/help-examples.js';
import { openedStage } from '../../support/opened-stage.js';

const commands = examplesOf(buildProgram());

describe('--help', () => {
  it.each(commands.map(({ name, examples }) => [name, examples] as const))('of %s has an example', (_, examples) => {
    expect(examples.length).toBeGreaterThan(0);
  });
});

// One engine is enough: what the commands do on each is shown by their own suites.
onEveryEngine(
  'the examples of --help',
  (engine) => {
    const stage = openedStage(engine);
    const examples = [...new Set(commands.flatMap((command) => command.examples))];
    const reasonOf = (example: string) => NOT_RUN_EXAMPLES.find(([pattern]) => pattern.test(example))?.[1];
    for (const example of examples.filter(reasonOf))
      process.stderr.write(`NOT RUN: ${example}: ${reasonOf(example)}\n`);

    it.each(examples.filter((example) => !reasonOf(example)))('%s', async (example) => {
      expectRight(example, await stage().run(example));
    });

    it('are run, but for those that are said not to be', () => {
      const unused = NOT_RUN_EXAMPLES.filter(([pattern]) => !examples.some((example) => pattern.test(example)));
      expect(unused).toEqual([]);
    });
  },
  ({ engine }) => engine === 'opensearch',
);
