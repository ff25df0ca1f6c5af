/** Runs without alternatives inside: a string of any length takes no stack. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/;
const TOKENS = new RegExp(`${STRING.source}|[{}[\\],]`, 'g');
const DEEPER: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** A member of a JSON object as it is written: `"key": value`, without what stands around it. */
interface Member {
  readonly key: string;
  readonly text: string;
}

/** The members of a JSON object in their order, numbers digit for digit, repeated keys included. @param json a valid object. */
export function* membersOf(json: string): Generator<Member> {
  let depth = 0;
  let start = json.indexOf('{') + 1;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    if (depth === 1 && (token === ',' || token === '}')) {
      const text = json.slice(start, index).trim();
      const [key] = STRING.exec(text) ?? [];
      if (key !== undefined) yield { key: JSON.parse(key), text };
      start = index + 1;
    }
    depth += DEEPER[token] ?? 0;
  }
}
