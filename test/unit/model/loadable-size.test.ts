import { mustBeLoadable } from '../../../src/model/loadable-size.js';

const GIB = 2 ** 30;

test('a graph of 2 GiB and more is refused before it is written, with a precision that makes it smaller', () => {
  const pieces = [{ byteLength: GIB }, { byteLength: GIB }];
  expect(() => mustBeLoadable({ id: 'large', precision: 'float32' }, pieces)).toThrow(
    expect.objectContaining({
      code: 'MODEL_UNSUPPORTED',
      found: expect.stringContaining('2.0 GiB in float32'),
      remedy: expect.stringContaining('--precision float16'),
    }),
  );
  expect(() => mustBeLoadable({ id: 'large', precision: 'float16' }, pieces)).toThrow(/--precision int8/);
  expect(() =>
    mustBeLoadable({ id: 'large', precision: 'float32' }, [pieces[0]!, { byteLength: GIB - 1 }]),
  ).not.toThrow();
});
