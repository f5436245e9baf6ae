// All transactions that fit the filters, which are the URL.

import {html, nothing} from './lit-html.js';
import {get, queryOf} from './api.js';
import {bulkButton, bulkDialog} from './bulk.js';
import {t, word} from './text.js';
import {choice, due, empty, gidLink, listHref, marks, pager, relative, status, tags, time}
  from './show.js';

const STATUSES = ['prepared', 'submitted', 'aborting', 'succeed', 'failed'];
const MODES = ['saga', 'tcc', 'xa', 'msg', 'workflow'];

/** What the API takes; anything else in the URL is not asked for. */
const FILTERS = ['unfinished', 'status', 'mode', 'waiting', 'cause', 'participant', 'error',
  'error_is', 'min_attempts', 'parked', 'paused', 'quarantined', 'gid_prefix', 'attribute',
  'opened_from', 'opened_to', 'updated_before', 'sort'];

const CAUSES = ['retry', 'put-off', 'callback', 'check-back', 'parked', 'paused', 'quarantined'];

/** @param {URLSearchParams} query */
function asked(query) {
  return Object.fromEntries([...FILTERS, 'cursor'].map(name => [name, query.getAll(name)]));
}

/** Which ones these are, whatever their order. @param {URLSearchParams} query */
const meant = query => Object.fromEntries(FILTERS.filter(name => name !== 'sort')
  .map(name => [name, query.getAll(name)]).filter(([, values]) => values.some(Boolean)));

export const transactions = {
  load: (page, signal) => get('/api/v1/transactions' + queryOf(asked(page.query)), signal),

  hears: (event, page) => !page.query.get('cursor') && event.event !== 'pass',

  keeps: () => true,

  render: page => html`<div class="head"><h1>${t('transactions')}</h1>
      <span class="grow"></span>${bulkButton(page, meant(page.query))}</div>
    <div class="sheet">${filters(page)}${list(page)}</div>${bulkDialog(page)}`,
};

/** @param {any} page @param {Record<string, any>} change */
const href = (page, change) => listHref({...asked(page.query), cursor: null, ...change});

function filters(page) {
  const query = page.query;
  const one = name => query.get(name) || '';
  const flag = name => {
    const isOn = query.get(name) === 'true';
    return html`<a class="chip" role="button" aria-pressed=${isOn}
      href=${href(page, {[name]: isOn ? null : 'true'})}>${t(name)}</a>`;
  };
  const field = (name, label, hint) => html`<label>${label}<input type="text" name=${name}
    .value=${one(name)} placeholder=${hint || ''} autocomplete="off" spellcheck="false"></label>`;
  const isAny = FILTERS.some(name => query.has(name));
  return html`<form class="filters" @submit=${e => apply(e, page)}
      @change=${e => e.target.matches('select') && e.target.form.requestSubmit()}>
    ${choice('status', t('status'), one('status'), [['', t('any')],
      ...STATUSES.map(each => [each, word('status', each)])])}
    ${choice('mode', t('mode'), one('mode'), [['', t('any')],
      ...MODES.map(each => [each, word('mode', each)])])}
    ${choice('cause', t('cause'), one('cause'), [['', t('any')],
      ...CAUSES.map(each => [each, word('cause', each)])])}
    ${field('gid_prefix', t('gid.prefix'))}
    ${field('participant', t('participant'), t('participant.hint'))}
    ${field('error', t('error'), t('error.hint'))}
    ${field('attribute', t('attribute'), 'key:value')}
    ${choice('sort', t('sort'), one('sort') || 'newest', [['newest', t('sort.newest')],
      ['oldest', t('sort.oldest')]])}
    <button class="btn">${t('filter')}</button>
    <div class="chips">${['unfinished', 'parked', 'paused', 'quarantined'].map(flag)}
      ${isAny ? html`<a class="btn plain small" href="/console/transactions">${t('filter.clear')}</a>`
        : nothing}</div>
  </form>`;
}

/** @param {SubmitEvent} event @param {any} page */
function apply(event, page) {
  event.preventDefault();
  const typed = Object.fromEntries(new FormData(event.target).entries());
  if (typed.sort === 'newest') {
    typed.sort = '';
  }
  page.go(href(page, typed));
}

function list(page) {
  const {items, next} = page.data;
  if (items.length === 0 && !page.query.get('cursor')) {
    return empty(t('list.empty'), FILTERS.some(name => page.query.has(name))
      ? t('list.empty.why') : nothing);
  }
  return html`<div class="scroll"><table><thead><tr><th>${t('gid')}</th><th>${t('status')}</th>
    <th>${t('waiting')}</th><th>${t('participant')}</th>
    <th class="num">${t('attempts')}</th><th>${t('opened')}</th></tr></thead>
    <tbody>${items.map(row)}</tbody></table></div>${pager(page, items, next)}`;
}

const row = each => html`<tr>
  <td class="gid">${gidLink(each.gid)}<div>${tags(each.attributes)}</div></td>
  <td class="nowrap">${status(each.status)}${marks(each)}<div class="quiet">${
    word('mode', each.mode)}</div></td>
  <td class="nowrap">${each.waiting ? html`${word('waiting', each.waiting)}${each.next_at
    ? html`<div class="quiet nowrap">${due(each.next_at)}</div>` : nothing}` : nothing}</td>
  <td class="why">${each.participant || nothing}${each.error
    ? html`<div class="clip quiet" title=${each.error}>${each.error}</div>` : nothing}</td>
  <td class="num">${each.attempts || nothing}</td>
  <td class="nowrap">${time(each.opened_at)}<div class="quiet">${t('updated.ago')} ${
    relative(each.updated_at)}</div></td></tr>`;
