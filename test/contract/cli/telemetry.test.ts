import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../../../src/cli/settings.js';
import { termweave } from '../../support/command-line.js';

describe('the runtime of the encoder', () => {
  it('tells nobody what is encoded here: it makes no device id and no queue of events', async () => {
    const home = await mkdtemp(join(tmpdir(), 'termweave-telemetry-'));
    // In a CI it is silent by itself; an empty value is what a child can be given instead of none.
    const env = { HOME: home, XDG_CACHE_HOME: home, TERMWEAVE_HOME: homeFolder(), CI: '' };
    const { exitCode } = await termweave(['encode', '--offline', 'a fox'], { env });
    expect([exitCode, await readdir(home)]).toEqual([0, []]);
    await rm(home, { recursive: true });
  });
});
