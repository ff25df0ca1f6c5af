import type { Encoder } from '../../src/encoder/encoder.js';
import type { Engine } from '../../src/engine/engine.js';
import { createExplorer } from '../../src/explorer/create-explorer.js';
import { indexDocuments } from '../../src/ingest/index-documents.js';
import { SparseIndex } from '../../src/retrieve/sparse-index.js';
import { freshName } from './engines.js';

/** What would run, load or break out if any of it were taken for markup. */
export const HOSTILE = `<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>"'</p> fox`;

const PASSAGES: readonly (readonly [string, string])[] = [
  ['Foxes at dusk', 'A fox leaves its den at dusk and hunts mice and voles along the hedges.'],
  ['How foxes hear', 'Foxes hear a mouse under the snow, leap, and dive on it from above.'],
  ['Owls', 'Owls are predators of the night: silent wings, and ears that find prey in the dark.'],
  ['Fox and hound', 'Hunting with hounds chased the fox for sport; the law forbids it now.'],
  ['Bread', 'Bread needs flour, water, salt and time; the yeast does the rest.'],
  ['Night trains', 'A night train leaves in the evening and arrives at breakfast.'],
  ['Wolves', 'Wolves hunt in packs and wear their prey down over many miles.'],
  ['Chickens', 'Lock the hen house at night: a fox takes a chicken where it can.'],
  ['Badgers', 'Badgers dig for worms at night and share their setts with foxes.'],
  ['Telescopes', 'A telescope shows the rings of Saturn on a clear night.'],
  ['Cats', 'A cat stalks a bird, waits, and springs.'],
  ['Firefox', 'Firefox is a web browser; add-ons extend it.'],
  ['Coastal birds', 'Waders feed at low tide, by day and by night.'],
  ['Bats', 'Bats hunt moths in the dark by echo.'],
  [HOSTILE, HOSTILE],
];

/** A listening explorer of an index with a few passages. */
export async function exploredIndex(engine: Engine, encoder: Encoder, name = freshName('explored')) {
  const documents = PASSAGES.map(([title, text], n) => ({
    ok: true as const,
    document: { id: `d${n}`, source: { title, text } },
  }));
  const source = {
    items: async function* () {
      yield* documents;
    },
  };
  const options = { encoder, textFields: ['title', 'text'], usualTextFields: () => ['title', 'text'] };
  for await (const _ of indexDocuments(engine, name, source, options));
  const index = await SparseIndex.open(engine, name);
  const models = [encoder.identity.id];
  const explorer = createExplorer({ encoder, index, models, openModel: async () => encoder });
  return { explorer, index, url: await explorer.listen(0) };
}
