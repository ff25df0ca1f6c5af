/**
 * Strings, punctuation, and everything else that stands between them in valid JSON. Without alternatives inside of strings: each
 * would take a place on the engine's stack for every character.
 */
const LEXEME = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * The entries of the object under `path` in a JSON text, in the order in which they are written and with keys that stand twice,
 * neither of which `JSON.parse` keeps: it puts the key "2020" before all others. Values that are no numbers are `NaN`.
 * @param json valid JSON: has gone through `JSON.parse`.
 */
export function numberEntries(json: string, path: readonly string[]): { keys: string[]; values: number[] } {
  const keys: string[] = [];
  const values: number[] = [];
  const walk = new Walk(path);
  for (const [lexeme] of json.matchAll(LEXEME)) {
    walk.step(lexeme);
    if (!walk.atValue) continue;
    keys.push(walk.key);
    values.push(lexeme[0] === '"' || lexeme === '{' || lexeme === '[' ? Number.NaN : toNumber(lexeme));
  }
  return { keys, values };
}

function toNumber(lexeme: string): number {
  return lexeme === 'true' || lexeme === 'false' || lexeme === 'null' ? Number.NaN : Number(lexeme);
}

/** Follows the lexemes of an object along a path of keys. */
class Walk {
  key = '';
  /** Whether the lexeme just taken begins a value of the object under the path. */
  atValue = false;
  readonly #path: readonly string[];
  #depth = 0;
  /** How many keys of the path the open objects have matched. */
  #matched = 0;
  #afterColon = false;

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  step(lexeme: string): void {
    const isValue = this.#afterColon;
    this.atValue = isValue && this.#inside;
    this.#afterColon = lexeme === ':';
    if (lexeme[0] === '"') {
      if (!isValue && this.#depth === this.#matched + 1) this.key = unquote(lexeme);
    } else if (lexeme === '{' || lexeme === '[') this.#open(lexeme === '{' && isValue);
    else if (lexeme === '}' || lexeme === ']') this.#close();
  }

  get #inside(): boolean {
    return this.#matched === this.#path.length && this.#depth === this.#matched + 1;
  }

  #open(isObjectOfKey: boolean): void {
    if (isObjectOfKey && this.#depth === this.#matched + 1 && this.key === this.#path[this.#matched]) this.#matched++;
    this.#depth++;
  }

  #close(): void {
    if (this.#depth === this.#matched + 1 && this.#matched > 0) this.#matched--;
    this.#depth--;
  }
}

function unquote(lexeme: string): string {
  return lexeme.includes('\\') ? (JSON.parse(lexeme) as string) : lexeme.slice(1, -1);
}
