import { exactJson } from '../dialect/exact-number.js';

/**
 * Two JSON values as one text: lines of both with two spaces before them, lines of the first alone with `-`, of the second with `+`.
 * By the longest common subsequence of their lines; ends that are equal are taken off first, so its table stays small.
 */
export function jsonDiff(before: unknown, after: unknown): string {
  const [a, b] = [before, after].map((value) => exactJson(value, 2).split('\n')) as [string[], string[]];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const changed = changedLines(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const same = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  return [...same(a.slice(0, start)), ...changed, ...same(a.slice(a.length - end))].join('\n');
}

function changedLines(a: readonly string[], b: readonly string[]): string[] {
  const common = commonLengths(a, b);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`- ${a[i++]}`);
    else lines.push(`+ ${b[j++]}`);
  }
  return lines;
}

/** `[i][j]`: the length of the longest common subsequence of the lines from `i` and from `j` on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [here, below] = [lengths[i]!, lengths[i + 1]!];
      here[j] = a[i] === b[j] ? below[j + 1]! + 1 : Math.max(below[j]!, here[j + 1]!);
    }
  }
  return lengths;
}
