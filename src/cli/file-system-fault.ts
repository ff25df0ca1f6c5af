import { Fault, type FaultKind, messageOf } from '../fault/fault.js';

/** What the system says of a file or the disk, in words; and whether it is the path given that cannot be used. */
const REASONS: Readonly<Record<string, readonly [found: string, kind: FaultKind]>> = {
  ENOENT: ['no such file or folder', 'input'],
  EEXIST: ['something is there already', 'input'],
  EISDIR: ['a folder, where a file is needed', 'input'],
  ENOTDIR: ['a file on the way, where a folder is needed', 'input'],
  ENAMETOOLONG: ['a name that is too long', 'input'],
  ELOOP: ['links that lead in a circle', 'input'],
  EACCES: ['no right to it', 'environment'],
  EPERM: ['no right to it', 'environment'],
  EROFS: ['a file system that is read-only', 'environment'],
  ENOSPC: ['no space left on the disk', 'environment'],
  EDQUOT: ['no space left in the quota', 'environment'],
  EFBIG: ['a file larger than is allowed', 'environment'],
  EIO: ['the disk cannot be read or written', 'environment'],
  EBUSY: ['it is in use', 'environment'],
  EXDEV: ['two file systems, between which nothing can be moved', 'environment'],
  EMFILE: ['as many open files as this process may have', 'environment'],
  ENFILE: ['as many open files as the machine can have', 'environment'],
};

const REMEDIES: Readonly<Record<FaultKind, string>> = {
  input: 'Check the path that was given',
  environment: 'Free the disk, or give the rights, or name another place; then run it again',
  negative: '',
};

/** A file, a folder or the disk could not be used: by the path that was given (`input`), or as the machine stands (`environment`). */
export class FileSystemFault extends Fault {
  readonly code = 'FILE_SYSTEM';
  override readonly kind: FaultKind;
  /** Node's name of the error, as in `ENOSPC`. */
  readonly reason: string;
  readonly path: string | undefined;

  private constructor(cause: NodeJS.ErrnoException & { readonly dest?: string }, found: string, kind: FaultKind) {
    const path = cause.dest ?? cause.path;
    super({
      asked: [cause.syscall ?? 'use the file system', path].filter(Boolean).join(' '),
      found: `${found} (${cause.code})`,
      remedy: REMEDIES[kind],
      cause,
    });
    this.kind = kind;
    this.reason = cause.code!;
    this.path = path;
  }

  /** @returns the fault that an error of Node's file system stands for; `undefined` for any other error. */
  static of(thrown: unknown): FileSystemFault | undefined {
    const { code, errno } = (thrown ?? {}) as Partial<NodeJS.ErrnoException>;
    // Only what a system call answered has both.
    if (errno === undefined || code === undefined || !Object.hasOwn(REASONS, code)) return undefined;
    return new FileSystemFault(thrown as NodeJS.ErrnoException, ...REASONS[code]!);
  }
}

/** What the system says of a path, in words. */
export function systemReason(cause: unknown): string {
  return FileSystemFault.of(cause)?.found ?? messageOf(cause);
}
