import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder } from '../../../src/cli/settings.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { onEveryEngine, STARTS_ENGINES_MS, type TestedEngine } from '../../support/engines.js';
import { call } from '../../support/http.js';
import { isAlive } from '../../support/processes.js';

const own = ({ engine, version }: TestedEngine) => ({ engine, version, via: 'java', home: homeFolder() }) as const;

onEveryEngine("a sandbox's lifetime", (engine) => {
  it(
    'keeps a named data folder over a stop and a start, and forgets a temporary one',
    async () => {
      const data = await mkdtemp(join(tmpdir(), 'termweave-lifetime-'));
      const first = await startSandbox({ ...own(engine), data });
      await call(first.url, 'PUT', '/kept/_doc/1?refresh=true', { n: 1 });
      const { pid } = first.nodes[0]!;
      expect(isAlive(pid!)).toBe(true);
      await first.stop();
      expect(isAlive(pid!)).toBe(false);

      await using again = await startSandbox({ ...own(engine), data });
      expect((await call(again.url, 'GET', '/kept/_count')).body.count).toBe(1);
      await again.stop();
      await rm(data, { recursive: true });
    },
    STARTS_ENGINES_MS,
  );
});

onEveryEngine(
  'a sandbox in trouble',
  (engine) => {
    it(
      'ends with the program that started it, even when that is killed',
      async () => {
        const program = spawn(process.execPath, ['--input-type=module', '-e', starting(own(engine))], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [line] = await once(program.stdout, 'data');
        const { pid, data } = JSON.parse(String(line));
        expect(isAlive(pid)).toBe(true);
        program.kill('SIGKILL');
        for (let waited = 0; isAlive(pid) && waited < 20_000; waited += 100) await sleep(100);
        expect(isAlive(pid)).toBe(false);
        await rm(data, { recursive: true });
      },
      STARTS_ENGINES_MS,
    );

    it(
      'gives up when told to while it starts, and leaves no process and no folder',
      async () => {
        const controller = new AbortController();
        let folder = '';
        const starting = startSandbox({
          ...own(engine),
          signal: controller.signal,
          onProgress: ({ step, detail }) => {
            if (step !== 'start') return;
            folder = detail.split(', ').at(-1)!;
            setTimeout(() => controller.abort(new Error('enough')), 500);
          },
        });
        await expect(starting).rejects.toThrow('enough');
        expect(existsSync(folder)).toBe(false);
      },
      STARTS_ENGINES_MS,
    );
  },
  ({ engine }) => engine === 'opensearch',
);

/** A program that starts a sandbox, says where, and then does nothing. */
function starting(options: object): string {
  const module = new URL('../../../dist/sandbox/start-sandbox.js', import.meta.url).href;
  return `
    import { startSandbox } from ${JSON.stringify(module)};
    const { nodes, data } = await startSandbox(${JSON.stringify(options)});
    console.log(JSON.stringify({ pid: nodes[0].pid, data }));
    setInterval(() => {}, 1000);`;
}
