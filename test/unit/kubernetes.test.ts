import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { buildProgram } from '../../src/cli/main.js';
import { hashingEncoder } from '../support/hashing-encoder.js';
import { served } from '../support/served.js';

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

describe('examples/kubernetes/encode-service.yaml', () => {
  const read = (name: string) => readFileSync(new URL(`../../examples/kubernetes/${name}`, import.meta.url), 'utf8');
  const [deployment, service, autoscaler] = parseAllDocuments(read('encode-service.yaml')).map((one) => one.toJS());
  const [pod] = deployment.spec.template.spec.containers;

  it('runs the command by options that are there, on the port that is offered and probed', () => {
    const words = (pod.args[0] as string).split(/\s+/);
    const serve = buildProgram().commands.find((one) => one.name() === 'serve')!;
    expect(serve.parseOptions(words.slice(words.indexOf('serve') + 1))).toEqual({ operands: [], unknown: [] });
    const [{ name, containerPort }] = pod.ports;
    expect(serve.opts()).toMatchObject({ host: '0.0.0.0', port: containerPort });
    expect(service.spec).toMatchObject({
      selector: deployment.spec.selector.matchLabels,
      ports: [{ targetPort: name }],
    });
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      expect(pod[probe].httpGet).toEqual({ path: '/health', port: name });
    const token = deployment.spec.template.spec.volumes.find((volume: { name: string }) => volume.name === 'token');
    expect(parse(read('kustomization.yaml'))).toMatchObject({
      resources: ['encode-service.yaml'],
      secretGenerator: [{ name: token.secret.secretName, files: ['token'] }],
    });
    expect(serve.opts().tokenFile).toBe(`${pod.volumeMounts.at(-1).mountPath}/token`);
  });

  it('scales the deployment by a gauge that the service has, below what makes it turn texts away', async () => {
    const [{ pods }] = autoscaler.spec.metrics;
    await using running = await served(hashingEncoder());
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toContain(`# TYPE ${pods.metric.name} gauge`);
    expect(autoscaler.spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    const [, queue] = /--queue (\d+)/.exec(pod.args[0])!;
    expect(Number(pods.target.averageValue)).toBeLessThan(Number(queue));
  });
});
