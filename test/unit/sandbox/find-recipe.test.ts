import { findRecipe, findVersion } from '../../../src/sandbox/find-recipe.js';
import { recipeName, recipes } from '../../../src/sandbox/recipe.js';

describe('findRecipe', () => {
  it.each([
    ['opensearch', undefined, 'opensearch-3.8.0'],
    ['opensearch', '3', 'opensearch-3.8.0'],
    ['opensearch', '3.6', 'opensearch-3.6.0'],
    ['opensearch', '3.6+ml', 'opensearch-3.6.0+ml'],
    ['opensearch', '2', 'opensearch-2.19.5'],
    ['elasticsearch', undefined, 'elasticsearch-9.5.3'],
    ['elasticsearch', '7.17', 'elasticsearch-7.17.29'],
    ['elasticsearch', '8.19.21', 'elasticsearch-8.19.21'],
  ] as const)('%s %s is %s', (engine, version, name) => {
    expect(recipeName(findRecipe(engine, version))).toBe(name);
  });

  it.each(['7.1', '1', '3.6.0+nothing', '', 'x'])('knows no version %j', (version) => {
    expect(() => findRecipe('elasticsearch', version)).toThrow(
      expect.objectContaining({ code: 'SANDBOX_VERSION_UNKNOWN', known: ['9.5.3', '8.19.21', '7.17.29'] }),
    );
  });

  it('gives every recipe a folder of its own', () => {
    expect(new Set(recipes.map(recipeName)).size).toBe(recipes.length);
  });
});

describe('findVersion', () => {
  it('takes any whole version, for a container can run it', () => {
    expect(findVersion('opensearch', '2.11.1')).toBe('2.11.1');
    expect(findVersion('elasticsearch', '7.17')).toBe('7.17.29');
    expect(() => findVersion('opensearch', '2.11')).toThrow(/known versions/);
  });
});
