import { readdirSync, readFileSync } from 'node:fs';

/** A process below another, on Linux. */
export interface Descendant {
  readonly pid: number;
  /** Its words, separated by spaces. */
  readonly command: string;
}

/** All processes below one, however deep. */
export function descendantsOf(ancestor: number): Descendant[] {
  const parents = parentsById();
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return [...parents.keys()]
    .filter(isBelow)
    .map((pid) => ({ pid, command: (contentOf(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ') }));
}

/** The processes that have a variable of this value in their environment. */
export function processesWith(variable: string, value: string): number[] {
  const entry = `${variable}=${value}`;
  return [...parentsById().keys()].filter((pid) => contentOf(`/proc/${pid}/environ`)?.split('\0').includes(entry));
}

/** The process that started another. */
export function parentOf(pid: number): number | undefined {
  return parentsById().get(pid);
}

function parentsById(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const status = /^\d+$/.test(name) ? contentOf(`/proc/${name}/status`) : undefined;
    if (status) parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
  }
  return parents;
}

/** `undefined` where the process has ended meanwhile. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
