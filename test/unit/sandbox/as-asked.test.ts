import { mustBeAsAsked } from '../../../src/sandbox/as-asked.js';
import type { LaunchOptions } from '../../../src/sandbox/sandbox.js';
import type { StandingState } from '../../../src/sandbox/standing-state.js';

const standing: StandingState = {
  engine: 'opensearch',
  version: '3.8.0',
  url: 'http://127.0.0.1:9201',
  nodes: [{ url: 'http://127.0.0.1:9201', process: { pid: 1, startedAt: 'now' } }],
  data: '/var/own',
  throwAway: true,
  asked: { heap: '512m', settings: { 'indices.query.bool.max_clause_count': '4096' } },
};
const asked = (options: Partial<LaunchOptions>) => () =>
  mustBeAsAsked(standing, { engine: 'opensearch', home: '/home', ...options });

describe('a standing sandbox', () => {
  it.each<Partial<LaunchOptions>>([
    {},
    { nodes: 1, via: 'java', heap: '512m', data: '/var/own', settings: { 'http.port': '9201' } },
    { settings: { 'indices.query.bool.max_clause_count': '4096' } },
  ])('is what is asked for by %j', (options) => {
    expect(asked(options)).not.toThrow();
  });

  it.each<[string, string, string, Partial<LaunchOptions>]>([
    ['nodes', '3', '1', { nodes: 3 }],
    ['data', '/var/kept', '/var/own', { data: '/var/kept' }],
    ['heap', '4g', '512m', { heap: '4g' }],
    ['via', 'container', 'java', { via: 'container' }],
    ['http.port', '9200', '9201', { settings: { 'http.port': '9200' } }],
    ['image', 'own', 'the default', { image: 'own' }],
    ['tuned', 'throughput', 'start-up', { tuned: 'throughput' }],
    [
      'indices.query.bool.max_clause_count',
      '10',
      '4096',
      { settings: { 'indices.query.bool.max_clause_count': '10' } },
    ],
  ])('is refused where another %s is asked for', (what, wanted, running, options) => {
    expect(asked(options)).toThrow(
      expect.objectContaining({
        code: 'SANDBOX_DIFFERS',
        what,
        wanted,
        running,
        remedy: expect.stringContaining('/var/own'),
      }),
    );
  });
});
