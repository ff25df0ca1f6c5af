import { mustBeNamed, mustBeUsableName } from '../../../src/engine/index-name.js';

const refusal = { code: 'NAME_UNUSABLE' };

it.each([
  '',
  ' ',
  'a b',
  'Bad',
  'a*',
  'a,b',
  'a#b',
  'a:b',
  '_a',
  '-a',
  '+a',
  '.',
  '..',
  'a/b',
  'a\\b',
  '<a>',
  'ä'.repeat(128),
])('no index can be named "%s"', (name) =>
  expect(() => mustBeUsableName('index', name)).toThrow(expect.objectContaining(refusal)),
);

it.each(['a', '.a', 'a.b-c_d', 'größe', 'ä'.repeat(127)])('an index can be named "%s"', (name) =>
  expect(() => mustBeUsableName('index', name)).not.toThrow(),
);

it('an alias may have capital letters, and nothing else that an index may not', () => {
  expect(() => mustBeUsableName('alias', 'Search')).not.toThrow();
  expect(() => mustBeUsableName('alias', 'Bad*Name')).toThrow(expect.objectContaining(refusal));
});

it('no name is no name', () => {
  expect(() => mustBeNamed('index', '')).toThrow(expect.objectContaining(refusal));
  expect(() => mustBeNamed('index', 'logs-*')).not.toThrow();
});
