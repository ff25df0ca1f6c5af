/**
 * Characters none of which joins another of them: Latin, Greek, Cyrillic and Armenian letters, punctuation and symbols, the writing of
 * Chinese and Japanese, syllables of Hangul, full-width forms. Not a carriage return, which a line feed joins.
 */
const ALONE =
  '\\0-\\x0c\\x0e-\\u02ff\\u0370-\\u0482\\u048a-\\u058f\\u1e00-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf\\u2100-\\u2bff' +
  '\\u3000-\\u3029\\u3030-\\u3098\\u309b-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\uff01-\\uff9d';
/** A run of them, less its last where a character of another kind follows, which may join it. */
const RUN = new RegExp(`[${ALONE}]+(?![^${ALONE}])`, 'y');
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** UTF-16 units in which the end of a cluster is looked for at first. */
const WINDOW = 16;

/**
 * The grapheme clusters of a text, as `Intl.Segmenter` has them. It takes some 10 µs for each, and longer the longer the text is (minutes for
 * 300,000 characters), so that it is asked only where characters may join, about a few of them at a time.
 */
export function* graphemeClusters(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    RUN.lastIndex = at;
    const run = RUN.exec(text)?.[0];
    if (run === undefined) {
      const cluster = clusterAt(text, at);
      at += cluster.length;
      yield cluster;
    } else {
      at += run.length;
      yield* run;
    }
  }
}

/** The cluster that begins here. Whether the next character joins it, only the cluster and that character tell. */
function clusterAt(text: string, at: number): string {
  for (let size = WINDOW; ; size *= 2) {
    const window = text.slice(at, at + size);
    const { segment } = SEGMENTER.segment(window).containing(0)!;
    // Two units more: the whole of the next character.
    if (segment.length + 2 <= window.length || at + size >= text.length) return segment;
  }
}
