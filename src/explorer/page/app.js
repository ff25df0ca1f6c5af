import { ask, forgetProblem, sayProblem, textOf, Unanswered } from './api.js';
import { at, number } from './dom.js';
import { startEncodeView } from './encode-view.js';
import { startIndexView } from './index-view.js';
import { startPruneView } from './prune-view.js';
import { startSearchView } from './search-view.js';

const VIEWS = ['encode', 'search', 'prune', 'index'];

// It has been said at the top of the page.
window.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof Unanswered) event.preventDefault();
});

const state = await ask('state');
const { index } = state;
at('where').textContent = whereOf(state);
if (index?.problem) sayProblem(textOf(index.problem), 'state');

startEncodeView(state);
if (index) {
  startSearchView(state);
  startPruneView();
  startIndexView(state);
}

function whereOf({ model }) {
  if (!index) return `${model.id} · no index: termweave explore INDEX opens the other views`;
  const counted = index.documents === undefined ? [] : [`${number(index.documents)} documents`];
  return [index.name, ...counted, index.engine].join(' · ');
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

function choose(view) {
  forgetProblem();
  show(view);
}

for (const name of VIEWS) {
  const tab = at(`tab-${name}`);
  tab.disabled = name !== 'encode' && !index;
  if (tab.disabled) tab.title = 'Start it as: termweave explore INDEX';
  tab.addEventListener('click', () => choose(name));
  tab.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const open = VIEWS.filter((other) => !at(`tab-${other}`).disabled);
    if (!step) return;
    const next = open[(open.indexOf(name) + step + open.length) % open.length];
    choose(next);
    at(`tab-${next}`).focus();
  });
}

const asked = location.hash.slice(1);
show(VIEWS.includes(asked) && !at(`tab-${asked}`).disabled ? asked : 'encode');
document.body.dataset.ready = 'true';
