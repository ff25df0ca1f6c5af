import { PrecompiledCharsmap } from './precompiled-charsmap.js';

/** A normalizer of the library, by what stands in `tokenizer.json`. */
interface Normalizer {
  readonly config: {
    readonly type: string;
    readonly lowercase?: boolean | null;
    readonly handle_chinese_chars?: boolean | null;
    readonly precompiled_charsmap?: unknown;
  };
  /** Of a `Sequence`. */
  readonly normalizers?: readonly (Normalizer | null)[];
  normalize: (text: string) => string;
}

/** JavaScript writes a sigma that ends a word as U+03C2; the reference lower-cases character by character. */
const SIGMA = 'Σ';
const SMALL_SIGMA = 'σ';
/**
 * Ideographs beyond U+FFFF that the reference puts spaces around, with the gap from U+2B820 to U+2B91F that it has
 * (tokenizers 0.23.3, normalizers/bert.rs). Here each of them is two UTF-16 units, neither of which is taken for one.
 */
const IDEOGRAPHS = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** Letters, digits, punctuation and spaces that BERT's normalizer leaves as they are, but for their case: nothing to clean, to space out or to strip. */
const PLAIN = /^[ -~]*$/;

/**
 * Has a normalizer of the library do what the reference's does, the `tokenizers` package: where they differ, a model is given other tokens
 * than it was trained with. What stays different are characters newer than the reference's tables of Unicode.
 * @throws {CharsmapBroken}
 */
export function normalizeAsReference(normalizer: Normalizer | null): void {
  if (normalizer === null) return;
  normalizer.normalizers?.forEach(normalizeAsReference);
  const { type, lowercase, handle_chinese_chars: spacesIdeographs, precompiled_charsmap } = normalizer.config;
  if (type === 'Lowercase' || (type === 'BertNormalizer' && lowercase)) prepare(normalizer, withSmallSigmas);
  if (type === 'BertNormalizer' && spacesIdeographs) prepare(normalizer, withSpacesAroundIdeographs);
  if (type === 'BertNormalizer') shortenPlain(normalizer, lowercase === true);
  if (type === 'Precompiled') followCharsmap(normalizer, new PrecompiledCharsmap(precompiled_charsmap));
}

/** The library has NFKC stand in for every charsmap. */
function followCharsmap(normalizer: Normalizer, charsmap: PrecompiledCharsmap): void {
  normalizer.normalize = (text) => charsmap.normalize(text);
}

/** The library goes over a text four times, character by character. */
function shortenPlain(normalizer: Normalizer, lowercase: boolean): void {
  const normalize = normalizer.normalize.bind(normalizer);
  const ofPlain = (text: string) => (lowercase ? text.toLowerCase() : text);
  normalizer.normalize = (text) => (PLAIN.test(text) ? ofPlain(text) : normalize(text));
}

function prepare(normalizer: Normalizer, preparation: (text: string) => string): void {
  const normalize = normalizer.normalize.bind(normalizer);
  normalizer.normalize = (text) => normalize(preparation(text));
}

function withSmallSigmas(text: string): string {
  return text.replaceAll(SIGMA, SMALL_SIGMA);
}

function withSpacesAroundIdeographs(text: string): string {
  return text.replaceAll(IDEOGRAPHS, ' $& ');
}
