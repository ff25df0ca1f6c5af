/** Whether an import failed because a package is not installed, and not for anything inside it. */
export function isMissingPackage(thrown: unknown, name: string): boolean {
  const { code, message } = (thrown ?? {}) as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && String(message).includes(`'${name}'`);
}
