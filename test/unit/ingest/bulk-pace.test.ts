import { BulkPace } from '../../../src/ingest/bulk/bulk-pace.js';

const MOST = { mostBytes: 4_000_000, mostAtOnce: 4 };

describe('the pace of bulk requests', () => {
  it('halves size and number at a refusal, and never stands still', () => {
    const pace = new BulkPace(MOST);
    const before = pace.bytes;
    pace.refused();
    expect(pace.bytes).toBe(before / 2);
    expect(pace.atOnce).toBe(2);
    for (let i = 0; i < 20; i++) pace.refused();
    expect(pace.bytes).toBe(64_000);
    expect(pace.atOnce).toBe(1);
  });

  it('comes back to its limits when all is taken quickly, and stays there', () => {
    const pace = new BulkPace(MOST);
    for (let i = 0; i < 20; i++) pace.refused();
    for (let i = 0; i < 100; i++) pace.taken(50);
    expect(pace.bytes).toBe(MOST.mostBytes);
    expect(pace.atOnce).toBe(MOST.mostAtOnce);
  });

  it('shrinks requests that take long, without fewer of them', () => {
    const pace = new BulkPace(MOST);
    const before = pace.bytes;
    pace.taken(20_000);
    expect(pace.bytes).toBeLessThan(before);
    expect(pace.atOnce).toBe(4);
  });

  it('never asks for more than it was allowed, however small', () => {
    const pace = new BulkPace({ mostBytes: 500, mostAtOnce: 1 });
    pace.taken(1);
    pace.refused();
    expect(pace.bytes).toBe(500);
  });

  it('lets no more requests go at once than it says, and all of them in the end', async () => {
    const pace = new BulkPace({ ...MOST, mostAtOnce: 3 });
    let underWay = 0;
    let most = 0;
    const request = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((done) => setTimeout(done, 2));
      underWay--;
    };
    await Promise.all(Array.from({ length: 20 }, () => pace.inTurn(request)));
    expect(most).toBe(3);
    pace.refused();
    most = 0;
    await Promise.all(Array.from({ length: 6 }, () => pace.inTurn(request)));
    expect(most).toBe(1);
  });

  it('gives the turn on when a request fails', async () => {
    const pace = new BulkPace({ ...MOST, mostAtOnce: 1 });
    const failing = pace.inTurn(() => Promise.reject(new Error('broken')));
    const next = pace.inTurn(async () => 'taken');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('taken');
  });
});
