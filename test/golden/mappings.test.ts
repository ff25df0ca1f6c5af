import { spawnSync } from 'node:child_process';

test('the committed mappings are what the code generates', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/write-mappings.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
