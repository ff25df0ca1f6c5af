import { stemmer } from 'stemmer';

/** Text to the terms of a text field, in order. */
export type Analyzer = (text: string) => readonly string[];

/**
 * Lucene's StandardTokenizer for alphabetic scripts (word boundaries of UAX #29): runs of letters, marks, digits and `_`, joined by a mark that
 * stands between two letters (`don't`, `e.g`) or two digits (`3.14`, `1,000`). Han, Kana and the like, which it splits by character, stay runs.
 */
const WORDS = /[\p{L}\p{M}\p{N}_]+(?:(?:(?<=\p{L})['’.:·](?=\p{L})|(?<=\p{N})['’.,;](?=\p{N}))[\p{L}\p{M}\p{N}_]+)*/gu;

/** The engines' default: words in lower case. */
const standard: Analyzer = (text) => text.toLowerCase().match(WORDS) ?? [];

/** EnglishAnalyzer.ENGLISH_STOP_WORDS_SET. */
const STOP_WORDS = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
);

/** The engines' `english`: possessives and stop words off, Porter's stems (Lucene's EnglishAnalyzer). */
function english(): Analyzer {
  const stems = new Map<string, string>();
  const stem = (word: string) => {
    const known = stems.get(word) ?? stemmer(word);
    stems.set(word, known);
    return known;
  };
  const unpossessed = (word: string) => word.replace(/['’]s$/, '');
  return (text) => {
    const words = standard(text).map(unpossessed);
    return words.filter((word) => word !== '' && !STOP_WORDS.has(word)).map(stem);
  };
}

/** The analyzer of that name; the default one for a name that is not known here. */
export function analyzerOf(name: string | undefined): Analyzer {
  return name === 'english' ? english() : standard;
}
