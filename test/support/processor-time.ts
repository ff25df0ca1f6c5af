/** Milliseconds that this process has had of a processor: a bound on what code costs that other processes do not lengthen. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
