import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/main.js';
import { findRecipe } from '../../src/sandbox/find-recipe.js';

interface Service {
  readonly image: string;
  readonly environment: Record<string, string>;
  readonly ports: readonly string[];
  readonly healthcheck: { readonly test: string; readonly interval: string; readonly retries: number };
}

interface Explorer {
  readonly image: string;
  readonly profiles: readonly string[];
  readonly network_mode: string;
  readonly command: string;
  readonly depends_on: Record<string, unknown>;
}

const file = new URL('../../docker-compose.yml', import.meta.url);
const all: Record<string, unknown> = parse(readFileSync(file, 'utf8'), { merge: true }).services;
const named = (accept: (name: string) => boolean) => Object.entries(all).filter(([name]) => accept(name));
const services = Object.fromEntries(named((name) => !name.startsWith('explorer-'))) as Record<string, Service>;
const explorers = Object.fromEntries(named((name) => name.startsWith('explorer-'))) as Record<string, Explorer>;

describe('docker-compose.yml', () => {
  it('has both engines, in the versions that a sandbox has by default', () => {
    expect(Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]))).toEqual({
      opensearch: `opensearchproject/opensearch:${findRecipe('opensearch').version}`,
      elasticsearch: `docker.elastic.co/elasticsearch/elasticsearch:${findRecipe('elasticsearch').version}`,
    });
  });

  it.each(Object.entries(services))('runs %s as one node, on loopback only, until it is healthy', (_, service) => {
    expect(service.environment['discovery.type']).toBe('single-node');
    expect(service.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:9200$/)]);
    expect(service.healthcheck.test).toContain('/_cluster/health');
    expect(service.healthcheck.retries).toBeGreaterThan(0);
  });

  it.each(Object.entries(explorers))(
    'has %s beside its engine, on this machine’s loopback, by a command that is right',
    (name, explorer) => {
      const engine = name.replace('explorer-', '');
      expect(explorer.profiles).toEqual([engine]);
      expect(Object.keys(explorer.depends_on)).toEqual([engine]);
      expect(explorer.network_mode).toBe('host');
      const [published] = services[engine]!.ports[0]!.split(':9200');
      expect(explorer.command).toContain(`--url http://${published}`);
      const words = explorer.command.replace(/\$\{EXPLORED:-\}/, 'books').split(' ');
      const program = buildProgram();
      const explore = program.commands.find((command) => command.name() === words[0])!;
      expect(explore.parseOptions(words.slice(1))).toMatchObject({ operands: ['books'], unknown: [] });
    },
  );

  it('has an explorer for each engine', () => {
    expect(Object.keys(explorers).sort()).toEqual(
      Object.keys(services)
        .map((name) => `explorer-${name}`)
        .sort(),
    );
  });

  it('gives each engine a port of its own', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(new Set(ports).size).toBe(ports.length);
  });
});
