import { parseSystem, parseSystems, UnknownSystem } from '../../../src/evaluate/systems/parse-system.js';

const WRITTEN =
  'bm25, splade,splade+prune(topK 64),splade+prune(atLeast 0.05+topK(64)),two-phase,splade+quantise(scale(100)),splade+quantise(bits(8,3.5)),two-phase(topK 5),rescore,rescore(300),hybrid(rrf),hybrid(rrf 20),hybrid(sum 0.3),hybrid(sum 0.6 weak sum 0.2)';

describe('parseSystem', () => {
  it('reads every form, and its own spec again', () => {
    const systems = [...parseSystems(WRITTEN).values()];
    expect(systems).toHaveLength(14);
    for (const { spec } of systems) expect(parseSystem(spec).spec).toBe(spec);
  });

  it('keeps the names as they were written', () => {
    expect([...parseSystems('hybrid(sum 0.30), splade').keys()]).toEqual(['hybrid(sum 0.30)', 'splade']);
  });

  it.each([
    '',
    'bm25(1)',
    'hybrid',
    'hybrid()',
    'hybrid(sum)',
    'hybrid(sum 1.1)',
    'hybrid(sum 0.3 4)',
    'hybrid(rrf x)',
    'rescore(0)',
    'rescore(many)',
    'hybrid(weak sum 0.2)',
    'hybrid(sum 0.6 weak)',
    'toString',
    'bm25+prune(topK 4)',
    'bm25+quantise(bits(8))',
  ])('refuses %p', (written) => {
    expect(() => parseSystems(written)).toThrow(UnknownSystem);
  });
});
