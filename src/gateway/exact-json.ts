/**
 * JSON whose numbers come out as they were written: a gateway must not turn the id 9007199254740993 into its neighbour, nor 1.0 into 1, which dynamic
 * mappings tell apart. Numbers that JavaScript would write otherwise travel as marked strings from {@link parseExactly} to {@link writeExactly}.
 */
const MARK = '\u0000termweave:';
const WRITTEN_MARK = JSON.stringify(MARK).slice(1, -1);
const LEXEME = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARKED = new RegExp(`"${WRITTEN_MARK.replaceAll('\\', '\\\\')}([-+.\\deE]+)"`, 'g');
/** Digits that a double holds whole. */
const SAFE_DIGITS = 15;

/** Which numbers are marked: all that would be written otherwise, or only those whose value would change. */
export type Exactness = 'as written' | 'by value';

/** @throws {SyntaxError} for what is no JSON. */
export function parseExactly(json: string, exactness: Exactness): unknown {
  JSON.parse(json);
  const mustMark = exactness === 'as written' ? isWrittenOtherwise : isImprecise;
  const marked = json.replace(LEXEME, (lexeme) =>
    lexeme[0] !== '"' && mustMark(lexeme) ? `"${WRITTEN_MARK}${lexeme}"` : lexeme,
  );
  return JSON.parse(marked);
}

export function writeExactly(value: unknown): string {
  return JSON.stringify(value).replace(MARKED, '$1');
}

function isWrittenOtherwise(number: string): boolean {
  return String(Number(number)) !== number;
}

function isImprecise(number: string): boolean {
  const digits = number
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+/, '');
  return digits.length > SAFE_DIGITS && isWrittenOtherwise(number);
}
