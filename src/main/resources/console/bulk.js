// Bulk operations: one thing done to many transactions, and what has become of each.

import {html, nothing} from './lit-html.js';
import {get, may, post, queryOf, serves} from './api.js';
import {t, word} from './text.js';
import {choice, empty, fact, gidLink, listHref, pager, problem, relative, time} from './show.js';

const PATH = '/api/v1/bulk';

/** One that runs is read as often as this. */
const READ_EVERY = 1500;

const TONES = {running: 'run', paused: 'hold', canceled: 'warn', finished: 'good',
  succeeded: 'good', refused: 'bad', failed: 'bad'};

const RESULTS = ['pending', 'succeeded', 'refused', 'failed'];

/** @param {string} id */
const href = id => '/console/bulk' + queryOf({id});

/** @param {string} id */
const pathOf = id => PATH + '/' + encodeURIComponent(id);

/** @param {string} group @param {string} name */
const badge = (group, name) =>
  html`<span class="badge ${TONES[name] || ''}">${word(group, name)}</span>`;

export const bulk = {
  asks: PATH,

  async load(page, signal) {
    const id = page.query.get('id');
    const cursor = page.query.get('cursor');
    if (!id) {
      return get(PATH + queryOf({cursor}), signal);
    }
    const [one, items] = await Promise.all([get(pathOf(id), signal), get(pathOf(id) + '/items'
      + queryOf({result: page.query.get('result'), cursor}), signal)]);
    return {one, ...items};
  },

  keeps: (before, now) => before.query.get('id') === now.query.get('id'),

  stale: page => Boolean(page.data) && Date.now() - page.readAt > READ_EVERY
    && (page.data.one ? [page.data.one] : page.data.items).some(each => each.state === 'running'),

  render: page => page.query.get('id') ? one(page) : all(page),
};

const all = page => html`<div class="head"><h1>${t('bulk')}</h1><p class="quiet">${
    t('bulk.why')}</p></div>
  <div class="sheet">${page.data.items.length === 0 ? empty(t('bulk.none'))
  : html`<div class="scroll"><table><thead><tr><th>${t('bulk.id')}</th><th>${t('bulk.state')}</th>
    <th>${t('bulk.action')}</th><th>${t('bulk.progress')}</th><th>${t('bulk.by')}</th>
    <th>${t('bulk.begun')}</th></tr></thead><tbody>${page.data.items.map(row)}</tbody></table></div>
    ${pager(page, page.data.items, page.data.next)}`}</div>`;

const row = each => html`<tr><td class="gid"><a href=${href(each.id)}>${each.id}</a></td>
  <td class="nowrap">${badge('bulk.state', each.state)}</td>
  <td>${t('act.' + each.action)}<div class="quiet said">${each.reason || nothing}</div></td>
  <td>${progress(each)}</td><td class="said">${each.by || nothing}</td>
  <td class="nowrap">${relative(each.begun_at)}</td></tr>`;

/** @param {any} it */
const progress = it => html`<div class="measure"><progress max=${it.total} value=${it.total - it.remaining}
    aria-label=${t('bulk.progress')}></progress>
  <div class="quiet">${t('bulk.done', {n: it.total - it.remaining, all: it.total})}${
    it.refused ? html`, ${t('bulk.refused', {n: it.refused})}` : nothing}${
    it.failed ? html`, ${t('bulk.failed', {n: it.failed})}` : nothing}</div></div>`;

function one(page) {
  const {one: it, items, next} = page.data;
  const result = page.query.get('result');
  return html`<div class="head"><h1 class="mono">${it.id}</h1>${badge('bulk.state', it.state)}
      <span class="grow"></span>${orders(page, it)}</div>
    ${page.local.refused ? problem(page.local.refused) : nothing}
    <div class="sheet pad stack">${progress(it)}<dl class="facts">
      ${fact(t('bulk.action'), [t('act.' + it.action), it.branch_id, it.op,
        it.outcome && word('act.outcome', it.outcome)].filter(Boolean).join(' '))}
      ${fact(t('bulk.filter'), html`<a href=${listHref(it.filter)}>${Object.entries(it.filter)
        .map(([name, value]) => name + '=' + value).join(' ')}</a>`)}
      ${fact(t('reason'), it.reason)}${fact(t('bulk.by'), it.by)}
      ${fact(t('bulk.changed'), it.changed_by)}
      ${fact(t('bulk.begun'), time(it.begun_at))}
      ${fact(t('bulk.ended'), it.ended_at && time(it.ended_at))}</dl></div>
    <div class="sheet list"><div class="filters"><div class="chips">${[null, ...RESULTS].map(each =>
      html`<a class="chip" role="button" aria-pressed=${(result || null) === each}
        href=${'/console/bulk' + queryOf({id: it.id, result: each})}>${
        each ? word('bulk.result', each) : t('all')}</a>`)}</div></div>
    ${items.length === 0 ? empty(t('bulk.items.none')) : html`<div class="scroll"><table><thead><tr>
      <th>${t('gid')}</th><th>${t('bulk.result')}</th><th>${t('bulk.detail')}</th><th>${t('bulk.at')}</th>
      </tr></thead><tbody>${items.map(each => html`<tr><td class="gid">${gidLink(each.gid)}</td>
      <td class="nowrap">${badge('bulk.result', each.result)}</td>
      <td class="why">${each.detail || nothing}</td><td class="nowrap">${time(each.at)}</td></tr>`)}
      </tbody></table></div>${pager(page, items, next)}`}</div>`;
}

/** Pause, resume and cancel, as far as there is something to hold. @param {any} page @param {any} it */
function orders(page, it) {
  if (it.ended_at || !may('operate')) {
    return nothing;
  }
  const button = (order, tone = '') => html`<button type="button" class="btn ${tone}"
    data-order=${order} ?disabled=${page.local.isBusy} @click=${async () => {
      page.local.isBusy = true;
      page.local.refused = null;
      page.paint();
      try {
        await post(pathOf(it.id) + '/' + order, {});
      } catch (refused) {
        page.local.refused = refused;
      }
      page.local.isBusy = false;
      page.reload();
    }}>${t('bulk.' + order)}</button>`;
  return html`${it.state === 'running' ? button('pause') : button('resume', 'first')}${
    button('cancel', 'danger')}`;
}

/** Those that need no operation of each. */
const ACTIONS = ['retry', 'pause', 'resume', 'unpark', 'park', 'rollback', 'stop'];

const DANGEROUS = new Set(['rollback', 'stop']);

/** Of one that is about to begin: sent twice, it begins once. */
const newId = () => 'console-' + Array.from(crypto.getRandomValues(new Uint8Array(8)),
  each => each.toString(16).padStart(2, '0')).join('');

/** The way to act on all that a list shows. @param {any} page @param {Record<string, any>} filter */
export const bulkButton = (page, filter) => !serves(PATH) || !may('operate')
  || !Object.values(filter).some(each => each.length) ? nothing
  : html`<button type="button" class="btn small" data-bulk @click=${() => {
    page.local.bulk = {id: newId(), filter, action: 'retry', counted: null, refused: null,
      isBusy: false};
    page.paint();
    document.querySelector('dialog').showModal();
    count(page);
  }}>${t('bulk.all')}</button>`;

/** @param {any} page */
async function count(page) {
  const asked = page.local.bulk;
  asked.counted = null;
  asked.refused = null;
  page.paint();
  try {
    asked.counted = await post(PATH + '/count', body(asked));
  } catch (refused) {
    asked.refused = refused;
  }
  page.paint();
}

/** @param {any} asked */
const body = asked => ({action: asked.action, filter: asked.filter,
  ...(asked.action === 'stop' ? {outcome: asked.outcome || 'failed'} : {})});

/** The dialog of {@link bulkButton}; empty while nothing is asked. @param {any} page */
export function bulkDialog(page) {
  const asked = page.local.bulk;
  const n = asked && asked.counted ? asked.counted.count : 0;
  return html`<dialog @close=${() => { page.local.bulk = null; page.paint(); }}>${!asked ? nothing
    : html`<form method="dialog" @submit=${e => { e.preventDefault(); begin(page, e.target); }}
        @change=${e => {
          if (e.target.name === 'action' || e.target.name === 'outcome') {
            asked[e.target.name] = e.target.value;
            count(page);
          }
        }}><h2>${t('bulk.all')}</h2>
      ${choice('action', t('bulk.action'), asked.action,
        ACTIONS.map(each => [each, t('act.' + each)]))}
      ${asked.action === 'stop' ? choice('outcome', t('act.outcome'), asked.outcome || 'failed',
        ['failed', 'succeed'].map(each => [each, t('act.outcome.' + each)])) : nothing}
      <p role="status">${!asked.counted ? t('loading')
        : t(asked.counted.complete ? 'bulk.count' : 'bulk.many', {n})}</p>
      <label>${t('reason')}<textarea name="reason" rows="2" maxlength="1000" required></textarea></label>
      ${asked.refused ? problem(asked.refused) : nothing}
      <div class="row"><button type="button" class="btn" @click=${e =>
        e.target.closest('dialog').close()}>${t('cancel')}</button>
      <button class="btn first ${DANGEROUS.has(asked.action) ? 'danger' : ''}"
        ?disabled=${!n || !asked.counted.complete || asked.isBusy}>${t('act.' + asked.action)} (${n})</button></div>
    </form>`}</dialog>`;
}

/** @param {any} page @param {HTMLFormElement} form */
async function begin(page, form) {
  const asked = page.local.bulk;
  if (asked.isBusy || !asked.counted) {
    return;
  }
  asked.isBusy = true;
  page.paint();
  try {
    const begun = await post(PATH, {...body(asked), id: asked.id, expect: asked.counted.count,
      reason: String(new FormData(form).get('reason')).trim()});
    form.closest('dialog').close();
    page.go(href(begun.id));
  } catch (refused) {
    asked.isBusy = false;
    asked.refused = refused;
    page.paint();
  }
}
