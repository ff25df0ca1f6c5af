import { at } from './dom.js';

/** Asks the explorer. A failure is said at the top of the page, and thrown. */
export async function ask(path, body) {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`api/${path}`, init);
  const answer = await response.json();
  if (response.ok) {
    at('problem').hidden = true;
    return answer;
  }
  const { asked, found, remedy } = answer.error;
  at('problem').textContent = `${asked}: ${found}. ${remedy}.`;
  at('problem').hidden = false;
  throw new Error(found);
}

/** The same for answers that a later question makes worthless: only the last one asked is handed on. */
export function latest(path, use) {
  let last = 0;
  return async (body) => {
    const mine = ++last;
    const answer = await ask(path, body);
    if (mine === last) use(answer, body);
  };
}
