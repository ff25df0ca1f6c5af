/** A module in words that Node 20 has: it parses no `await using`, and the compiler takes it down as it does our own sources. */
export async function loweredModule(source: string): Promise<string> {
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, {
    jsc: { target: 'es2022', parser: { syntax: 'ecmascript', explicitResourceManagement: true } as never },
    module: { type: 'es6' },
  });
  return code;
}
