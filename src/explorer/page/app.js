import { ask } from './api.js';
import { at } from './dom.js';
import { startEncodeView } from './encode-view.js';
import { startIndexView } from './index-view.js';
import { startPruneView } from './prune-view.js';
import { startSearchView } from './search-view.js';

const VIEWS = ['encode', 'search', 'prune', 'index'];

const state = await ask('state');
at('where').textContent = state.index
  ? `${state.index.name} · ${state.index.documents} documents · ${state.index.engine}`
  : `${state.model.id} · no index`;

startEncodeView(state);
if (state.index) {
  startSearchView(state);
  startPruneView();
  startIndexView(state);
}

function show(view) {
  for (const name of VIEWS) {
    at(`view-${name}`).hidden = name !== view;
    at(`tab-${name}`).setAttribute('aria-selected', String(name === view));
    at(`tab-${name}`).tabIndex = name === view ? 0 : -1;
  }
  history.replaceState(null, '', `#${view}`);
  if (view === 'prune') takeQueryOver();
}

/** Whoever has searched means to prune that query. */
function takeQueryOver() {
  const [searched, pruned] = [at('search-text'), at('prune-text')];
  if (pruned.value !== '' || searched.value.trim() === '') return;
  pruned.value = searched.value;
  pruned.dispatchEvent(new Event('input'));
}

for (const name of VIEWS) {
  const tab = at(`tab-${name}`);
  tab.disabled = name !== 'encode' && !state.index;
  if (tab.disabled) tab.title = 'Start it as: termweave explore INDEX';
  tab.addEventListener('click', () => show(name));
  tab.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const open = VIEWS.filter((other) => !at(`tab-${other}`).disabled);
    if (!step) return;
    const next = open[(open.indexOf(name) + step + open.length) % open.length];
    show(next);
    at(`tab-${next}`).focus();
  });
}

const asked = location.hash.slice(1);
show(VIEWS.includes(asked) && !at(`tab-${asked}`).disabled ? asked : 'encode');
document.body.dataset.ready = 'true';
