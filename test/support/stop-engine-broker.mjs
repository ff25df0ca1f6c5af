/** Jest's globalTeardown of the contract suites: stops the engines and says which ones were not there to be tested. */
export default async function stopBroker() {
  const { engines, sandboxes, server } = globalThis.termweaveEngineBroker;
  const started = await Promise.allSettled(sandboxes.values());
  await Promise.all(started.map(({ value }) => value?.stop()));
  server.close();
  const missing = engines.filter((engine) => engine.missing);
  if (missing.length === 0) return;
  console.error('\nNOT RUN, for these engines could not be had:');
  for (const { name, missing: reason } of missing) console.error(`  ${name}: ${reason}`);
  if (process.env.CI) process.exitCode = 1;
}
