/** A call to an engine as plain as can be, so that what is tested is not also what tests. */
export async function call(url: string, method: string, path: string, body?: unknown) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: an engine's answer, looked at by the test that asked
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any };
}
