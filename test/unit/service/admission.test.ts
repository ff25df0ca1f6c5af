import { Admission } from '../../../src/service/admission.js';
import { ServiceOverloaded } from '../../../src/service/service-faults.js';

test('says when the texts inside will be done, from how long texts took', async () => {
  let now = 0;
  const admission = new Admission({ texts: 10, now: () => now });
  for (let i = 0; i < 50; i++) {
    await admission.admit(1, async () => {
      now += 2_000;
    });
  }
  let release!: () => void;
  const held = admission.admit(
    10,
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  const refused = admission.admit(1, async () => undefined);
  await expect(refused).rejects.toThrow(ServiceOverloaded);
  await expect(refused).rejects.toMatchObject({ waiting: 10, retryAfterS: 20 });
  release();
  await held;
  expect(admission.inside).toBe(0);
});

test('lets go of the place of work that failed', async () => {
  const admission = new Admission({ texts: 1 });
  await expect(admission.admit(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await admission.admit(1, async () => 'yes')).toBe('yes');
});

it('lets work that waits in when there is room, in its order, and forgets what was aborted', async () => {
  const admission = new Admission({ texts: 1 });
  const order: string[] = [];
  const leave = new AbortController();
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = admission.admitInTurn(1, () => held, leave.signal);
  const work = (name: string) => async () => void order.push(name);
  const { signal } = new AbortController();
  const second = admission.admitInTurn(1, work('second'), signal);
  const gone = admission.admitInTurn(1, work('gone'), leave.signal);
  const third = admission.admitInTurn(1, work('third'), signal);
  await expect(admission.admit(1, work('refused'))).rejects.toMatchObject({ code: 'SERVICE_OVERLOADED' });
  leave.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  finish();
  await Promise.all([first, second, third]);
  expect([order, admission.inside]).toEqual([['second', 'third'], 0]);
});
