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
