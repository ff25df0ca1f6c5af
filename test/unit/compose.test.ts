import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { findRecipe } from '../../src/sandbox/find-recipe.js';

interface Service {
  readonly image: string;
  readonly environment: Record<string, string>;
  readonly ports: readonly string[];
  readonly healthcheck: { readonly test: string; readonly interval: string; readonly retries: number };
}

const file = new URL('../../docker-compose.yml', import.meta.url);
const services: Record<string, Service> = parse(readFileSync(file, 'utf8')).services;

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

  it('gives each engine a port of its own', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(new Set(ports).size).toBe(ports.length);
  });
});
