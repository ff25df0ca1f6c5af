import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const job = parse(readFileSync(new URL('../../examples/kubernetes/reindex-job.yaml', import.meta.url), 'utf8'));
const [container] = job.spec.template.spec.containers;

/** Runs the pod's own command, with this checkout in npx's place, against a port where nobody listens. */
function runPod(completionIndex: number) {
  const folder = mkdtempSync(join(tmpdir(), 'termweave-pod-'));
  const npx = `#!/bin/sh\nshift 6\nexec "${process.execPath}" "${resolve('bin/termweave.js')}" "$@"\n`;
  writeFileSync(join(folder, 'npx'), npx, { mode: 0o755 });
  const [program, ...options] = container.command as string[];
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    TERMWEAVE_URL: 'http://127.0.0.1:9',
    JOB_COMPLETION_INDEX: String(completionIndex),
  };
  const { status, stderr } = spawnSync(program!, [...options, ...container.args], { env, encoding: 'utf8' });
  return { status, stderr };
}

describe('examples/kubernetes/reindex-job.yaml', () => {
  it('is an Indexed Job with as many completions as slices', () => {
    expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job', spec: { completionMode: 'Indexed' } });
    expect(container.args[0]).toContain(`/${job.spec.completions} `);
    expect(job.spec.template.spec.restartPolicy).toBe('Never');
  });

  it.each([0, job.spec.completions - 1])('runs a command that termweave takes, as pod %i', (index) => {
    const { status, stderr } = runPod(index);
    expect(stderr).toContain('ENGINE_UNREACHABLE');
    expect(status).toBe(3);
  });

  it('would be refused for a slice that is not one of them', () => {
    expect(runPod(job.spec.completions).status).toBe(2);
  });
});
