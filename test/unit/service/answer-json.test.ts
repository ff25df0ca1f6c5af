import { arrayJson } from '../../../src/service/answer-json.js';

const HELD_MS = 20;

function slowly(item: number): string {
  const until = performance.now() + HELD_MS;
  while (performance.now() < until);
  return `${item}`;
}

describe('arrayJson', () => {
  it('writes every item, in order', async () => {
    expect(await arrayJson([3, 1, 2], String)).toBe('[3,1,2]');
    expect(await arrayJson([], String)).toBe('[]');
  });

  it('lets others have the thread between items', async () => {
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    expect(await arrayJson([1, 2, 3, 4, 5, 6], slowly)).toBe('[1,2,3,4,5,6]');
    clearInterval(others);
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});
