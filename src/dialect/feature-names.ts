/**
 * Feature names: how a token is written as the name of a feature.
 *
 * `rank_feature` splits its field at the *last* dot (RankFeatureQueryBuilder, `field.lastIndexOf('.')`), so a feature
 * whose name has a dot is indexed and then never found; `sparse_vector` refused dots before 8.16. Percent-encoding the dot, and
 * the percent sign itself, keeps every token apart (renaming `.` to `_`, as others do, merges tokens). A lone surrogate has no
 * UTF-8 form and would reach the engine as `?`; it is written as its code unit.
 */
export interface FeatureNames {
  /** The feature's name for a token. Different tokens have different names. */
  nameOf(token: string): string;
  /** The token of a feature's name: the inverse of `nameOf`. */
  tokenOf(name: string): string;
}

const RESERVED = /[%.]|\p{Surrogate}/gu;
const ESCAPE = /%(?:2E|25|u[\dA-F]{4})/g;

export const percentNames: FeatureNames = {
  nameOf: (token) => token.replace(RESERVED, escapeCharacter),
  tokenOf: (name) => (name.includes('%') ? name.replace(ESCAPE, unescapeSequence) : name),
};

function escapeCharacter(character: string): string {
  if (character === '.') return '%2E';
  if (character === '%') return '%25';
  return `%u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function unescapeSequence(sequence: string): string {
  const digits = sequence.startsWith('%u') ? sequence.slice(2) : sequence.slice(1);
  return String.fromCharCode(Number.parseInt(digits, 16));
}
