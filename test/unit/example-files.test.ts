import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/main.js';

const read = (path: string) => readFileSync(path, 'utf8');
const own = JSON.parse(read('package.json'));

describe('Containerfile', () => {
  const instructions = read('Containerfile')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));

  it('starts a program that the package has, as nobody in particular', () => {
    const [, entry] = /^ENTRYPOINT (.*)$/m.exec(instructions.join('\n'))!;
    const [node, program] = JSON.parse(entry!) as [string, string];
    expect([node, existsSync(program.replace('/app/node_modules/termweave/', ''))]).toEqual(['node', true]);
    expect(instructions).toContain('USER 1000');
  });

  it('stands on a Node that the package runs on', () => {
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)/m.exec(instructions.join('\n'))!;
    expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(own.engines.node)![0]));
  });
});

describe('the image', () => {
  const sources = [...read('Containerfile').matchAll(/^COPY (?:--\S+ )?(\S+)/gm)].map(([, source]) => source!);
  const pages = ['docs/containers.md', 'docker-compose.yml'];

  it('is built, wherever its building is spoken of, by the script that lays what it copies', () => {
    const script = read('scripts/container-image.mjs');
    for (const source of sources)
      expect([source, script.includes(`'${source.replace(/\/$/, '')}'`)]).toEqual([source, true]);
    for (const page of pages) {
      expect(read(page)).toContain('node scripts/container-image.mjs termweave');
      expect(read(page)).not.toMatch(/^docker build/m);
    }
  });
});

describe('examples/ci', () => {
  const project = JSON.parse(read('examples/ci/package.json'));

  it('has what this package has: its version, and clients and testcontainers as they are tested', () => {
    const { dependencies } = project;
    expect(dependencies.termweave).toBe(`^${own.version}`);
    expect(dependencies.testcontainers).toBe(`^${own.dependencies.testcontainers}`);
    for (const client of ['@elastic/elasticsearch', '@opensearch-project/opensearch'])
      expect(own.peerDependencies[client]).toContain(dependencies[client].replace(/\.\d+\.\d+$/, ''));
  });

  it('runs both engines in a workflow, by a script that is there', () => {
    const { jobs } = parse(read('examples/ci/workflow.yml'));
    expect(jobs.relevance.strategy.matrix.engine).toEqual(['opensearch', 'elasticsearch']);
    expect(jobs.relevance.steps.at(-1).run).toBe('npm test');
    expect(project.scripts.test).toBe('node --test');
    expect(spawnSync(process.execPath, ['--check', 'examples/ci/relevance.test.mjs']).status).toBe(0);
  });
});

describe('examples/slurm/reindex.sbatch', () => {
  it('reindexes the slice of its task, by options that are there', () => {
    const echo = `termweave() { printf '%s\\n' "$@"; }`;
    const script = read('examples/slurm/reindex.sbatch').replace('exec termweave', 'termweave');
    const env = { ...process.env, SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '16' };
    const { stdout, stderr, status } = spawnSync('bash', ['-c', `${echo}\n${script}`], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const [command, ...words] = stdout.trim().split('\n');
    const reindex = buildProgram().commands.find((one) => one.name() === command)!;
    expect(reindex.parseOptions(words)).toMatchObject({ operands: ['shop'], unknown: [] });
    // The third slice: inside, they are counted from 0.
    expect(reindex.opts().slice).toMatchObject({ part: 2, of: 16 });
  });
});
