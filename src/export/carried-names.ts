/** Where some tokenizer splits: Unicode's white space, and control characters, several of which are white space to Java. */
const WHITESPACE = /[\s\p{Cc}]/u;

/** Lucene's WhitespaceTokenizer cuts a token after this many UTF-16 units. */
const LONGEST_TOKEN = 255;

/** Why a name cannot stand in text that a whitespace tokenizer splits, if so. */
export function refusedByWhitespace(name: string): string | undefined {
  if (name === '') return 'an empty name, which vanishes between blanks';
  if (WHITESPACE.test(name)) return 'a name with white space, where the tokenizer would split it';
  if (name.length > LONGEST_TOKEN)
    return `a name of more than ${LONGEST_TOKEN} characters, where Lucene would split it`;
  return refusedByUnicode(name);
}

/** Why a name has no UTF-8 form, if so. */
export function refusedByUnicode(name: string): string | undefined {
  return /\p{Surrogate}/u.test(name) ? 'a lone surrogate, which has no UTF-8 form' : undefined;
}

/** Why an id cannot stand in a field of a line that ends at a tab, if so. */
export function refusedByTabs(id: string): string | undefined {
  if (id === '') return 'an empty id';
  return /[\t\n\r]/.test(id) ? 'an id with a tab or a line break' : refusedByUnicode(id);
}
