/** What the programs here share: they take the engine's address first, and print what it answers. `SPLADE=1` wraps the client. */
import { pathToFileURL } from 'node:url';

/** Runs a program if its file is what was started. */
export async function main(file, program) {
  if (file !== pathToFileURL(process.argv[1] ?? '').href) return;
  const [url, ...args] = process.argv.slice(2);
  const { Client } = await import('@opensearch-project/opensearch');
  const plain = new Client({ node: url });
  const splade = process.env.SPLADE === '1' ? await spladeOf(url, args[0]) : undefined;
  // The one line.
  const client = splade ? splade.wrap(plain) : plain;
  console.log(JSON.stringify(await program(client, args), null, 2));
  await splade?.close();
}

async function spladeOf(url, index) {
  const { connect, loadEncoder, SparseIndex, withSplade } = await import('termweave');
  const engine = await connect(url);
  const { plan, dialect } = await SparseIndex.open(engine, index);
  const encoder = await loadEncoder(plan.model.id);
  return {
    wrap: (client) => withSplade(client, { index, plan, dialect, encoder }),
    close: async () => {
      await encoder[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}
