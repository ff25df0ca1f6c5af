import { at } from './dom.js';

const GONE = 'The explorer does not answer. Start it again (termweave explore); what is judged here stays.';

/** An answer that did not come; its message is for people. */
export class Unanswered extends Error {}

/** What the explorer answers. @throws {Unanswered} */
export async function answerTo(path, body, signal) {
  const posted = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  try {
    const response = await fetch(`api/${path}`, { ...posted, signal });
    const answer = await response.json();
    if (response.ok) return answer;
    throw new Unanswered(textOf(answer.error));
  } catch (thrown) {
    throw thrown instanceof Unanswered ? thrown : new Unanswered(GONE);
  }
}

/** The same; a failure is said at the top of the page, until the same question is answered, and thrown. */
export async function ask(path, body, signal) {
  try {
    const answer = await answerTo(path, body, signal);
    if (at('problem').dataset.of === path) forgetProblem();
    return answer;
  } catch (thrown) {
    if (!signal?.aborted) sayProblem(thrown.message, path);
    throw thrown;
  }
}

/**
 * The same for answers that a later question makes worthless: it breaks the earlier ones off, and only what answers the last is handed on.
 * Without a question, it breaks off what is asked.
 */
export function latest(path, use) {
  let asking = new AbortController();
  return async (body) => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    if (body === undefined) return;
    const answer = await ask(path, body, signal);
    if (!signal.aborted) use(answer, body);
  };
}

/** A failure in words. */
export const textOf = ({ asked, found, remedy }) => `${asked}: ${found}. ${remedy}.`;

/** Says at the top of the page what went wrong. */
export function sayProblem(text, path) {
  at('problem').textContent = text;
  at('problem').dataset.of = path;
  at('problem').hidden = false;
}

/** Takes it away. */
export function forgetProblem() {
  at('problem').hidden = true;
}
