// One transaction: what happened, what it waits for, what comes next, and what can be done.

import {html, nothing} from './lit-html.js';
import {Refused, get, serves, transactionPath} from './api.js';
import {t, word} from './text.js';
import {code, due, duration, empty, fact, marks, outcome, precise, relative, status, tags, time}
  from './show.js';
import {picture} from './picture.js';
import {actions, dialog} from './actions.js';

/** What the server does not tell yet, or not to this caller, is left out. */
async function unless404(promise) {
  try {
    return await promise;
  } catch (refused) {
    if (refused instanceof Refused && [403, 404, 405].includes(refused.status)) {
      return null;
    }
    throw refused;
  }
}

/** What the API tells of one transaction beside its state. */
const part = (path, name, signal) => serves('/api/v1/transactions/{gid}/' + name.split('?')[0])
  ? unless404(get(path + '/' + name, signal)) : null;

export const transaction = {
  async load(page, signal) {
    const gid = page.query.get('gid') || '';
    const path = transactionPath(gid);
    const [tx, explain, attempts, history] = await Promise.all([
      unless404(get(path, signal)),
      part(path, 'explain', signal),
      part(path, 'attempts?limit=100', signal),
      part(path, 'history?limit=100', signal),
    ]);
    return {tx, explain, attempts, history};
  },

  hears: (event, page) => !event.gid || event.gid === page.query.get('gid'),

  keeps: (before, page) => before.query.get('gid') === page.query.get('gid'),

  render(page) {
    const {tx, explain, attempts, history} = page.data;
    if (!tx) {
      return html`<div class="sheet">${empty(page.query.get('gid'), t('tx.nobody'))}</div>`;
    }
    return html`<div class="head"><h1 class="mono said">${tx.gid}</h1>${status(tx.status)}${
      marks(tx)}</div>
    <div class="two">${words(tx, explain)}
      <section class="sheet pad"><h2>${t('tx.actions')}</h2>${actions(page, tx, explain)}</section>
    </div>
    ${course(page, tx, attempts)}
    <div class="two"><div class="stack">
      ${branches(tx)}
      ${attempts ? calls(page, tx, attempts) : nothing}
      ${history ? events(history) : nothing}
    </div>${facts(tx)}</div>${dialog(page, tx)}`;
  },
};

function words(tx, explain) {
  if (!explain) {
    return html`<section class="sheet pad words"><h2>${t('tx.words')}</h2>
      <p class="said">${tx.error || tx.reason || word('status', tx.status)}</p></section>`;
  }
  return html`<section class="sheet pad words"><h2>${t('tx.words')}</h2>
    <p class="said">${explain.summary}</p>
    ${explain.happened.length ? html`<ol>${explain.happened.map(each =>
      html`<li class="said">${each}</li>`)}</ol>` : nothing}
    ${explain.next ? html`<p class="next said">${explain.next.what}${explain.next.at
      ? html` <b class="nowrap">${due(explain.next.at)}</b>` : nothing}</p>` : nothing}
  </section>`;
}

function course(page, tx, attempts) {
  const drawn = picture({tx, attempts: attempts ? attempts.items : [],
    skipped: attempts ? attempts.skipped || [] : [], open: attempt => show(page, attempt)});
  return drawn === nothing ? nothing
    : html`<section class="sheet"><h2>${t('tx.picture')}</h2>${drawn}</section>`;
}

/** @param {any} attempt */
const idOf = attempt => [attempt.branch_id, attempt.op, attempt.attempt, attempt.started_at].join(' ');

function show(page, attempt) {
  page.local.attempt = page.local.attempt === idOf(attempt) ? null : idOf(attempt);
  page.paint();
  const row = document.getElementById('attempt-open');
  if (row) {
    row.scrollIntoView({block: 'nearest'});
  }
}

/** Forward calls before those that undo them. */
const OPS = ['action', 'try', 'confirm', 'commit', 'compensate', 'cancel', 'rollback'];

const inOrder = (a, b) => a.branch_id < b.branch_id ? -1 : a.branch_id > b.branch_id ? 1
  : OPS.indexOf(a.op) - OPS.indexOf(b.op);

const branches = tx => html`<section class="sheet"><h2>${t('tx.branches')}</h2><div class="scroll">
  <table><thead><tr><th>${t('tx.step')}</th><th>${t('tx.op')}</th><th>${t('status')}</th>
    <th>${t('tx.url')}</th><th class="num">${t('attempts')}</th><th>${t('next')}</th></tr></thead>
  <tbody>${[...tx.branches || []].sort(inOrder).map(each => html`<tr><td class="mono">${each.branch_id}</td>
    <td>${each.op}</td><td>${each.status === 'prepared' ? html`<span class="quiet">–</span>`
      : status(each.status)}</td>
    <td class="why"><span class="mono">${each.url}</span>${each.error
      ? html`<div class="said soft">${each.error}</div>` : nothing}${each.payload
      ? html`<details class="more"><summary>${t('tx.payload')}</summary>${code(each.payload)}</details>`
      : nothing}</td>
    <td class="num">${each.attempts || nothing}</td>
    <td class="nowrap">${each.settled_at ? time(each.settled_at)
      : each.next_at ? due(each.next_at) : nothing}</td></tr>`)}</tbody></table></div></section>`;

function calls(page, tx, attempts) {
  if (attempts.items.length === 0) {
    return html`<section class="sheet"><h2>${t('tx.attempts')}</h2>${empty(t('tx.none'))}</section>`;
  }
  const newest = [...attempts.items].sort((a, b) => b.started_at < a.started_at ? -1 : 1);
  return html`<section class="sheet"><h2>${t('tx.attempts')}</h2>
    ${(attempts.skipped || []).filter(each => each.count).map(each => html`<p class="quiet pad">${
      t('tx.skipped', {n: each.count, op: each.branch_id + ' ' + each.op})}</p>`)}
    <div class="scroll"><table><thead><tr><th>${t('time')}</th><th>${t('tx.op')}</th>
      <th class="num">#</th><th>${t('act.outcome')}</th><th class="num">ms</th><th>${t('error')}</th>
    </tr></thead><tbody>${newest.map(each => attempt(page, tx, each))}</tbody></table></div></section>`;
}

function attempt(page, tx, each) {
  const isOpen = page.local.attempt === idOf(each);
  return html`<tr id=${isOpen ? 'attempt-open' : nothing}>
    <td class="nowrap mono"><button type="button" class="btn plain small" aria-expanded=${isOpen}
      @click=${() => show(page, each)}>${precise(each.started_at)}</button></td>
    <td class="nowrap">${each.branch_id} ${each.op}</td><td class="num">${each.attempt}</td>
    <td>${outcome(each.outcome)}</td><td class="num">${each.duration_ms}</td>
    <td class="why">${each.status_line || nothing}${each.error
      ? html`<div class="said">${each.error}</div>` : nothing}</td></tr>
  ${isOpen ? html`<tr><td colspan="6">${detail(tx, each)}</td></tr>` : nothing}`;
}

function detail(tx, each) {
  const branch = (tx.branches || []).find(one =>
    one.branch_id === each.branch_id && one.op === each.op);
  return html`<h3>${t('tx.request')}</h3>${each.request ? code(text(each.request))
      : html`<p class="quiet">${t('none')}</p>`}
    <h3>${t('tx.answer')}</h3>${each.answer ? code(text(each.answer))
      : html`<p class="quiet">${t('none')}</p>`}
    ${branch && branch.url ? html`<h3>${t('tx.curl')}</h3>${code(curl(tx, branch, each))}` : nothing}`;
}

const text = value => typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** Single quotes, as every shell of the family takes them. @param {string} word */
const quoted = word => "'" + word.replaceAll("'", "'\\''") + "'";

/** The call again, as a participant sees it. */
function curl(tx, branch, each) {
  const url = branch.url + (branch.url.includes('?') ? '&' : '?') + new URLSearchParams({
    gid: tx.gid, trans_type: tx.mode, branch_id: each.branch_id, op: each.op}).toString();
  const body = typeof each.request === 'string' ? each.request
    : each.request && each.request.body || branch.payload || '';
  return 'curl -i -X POST ' + quoted(url)
    + (body ? " \\\n  -H 'Content-Type: application/json' -d " + quoted(text(body)) : '');
}

const events = history => html`<section class="sheet"><h2>${t('tx.history')}</h2><ol class="log">
  ${history.items.map(each => html`<li><span class="mono quiet" title=${each.at}>${precise(each.at)}</span>
    <span class="badge">${each.event}</span><span class="said">${each.text}</span></li>`)}</ol></section>`;

const facts = tx => html`<section class="sheet pad"><h2>${t('tx.facts')}</h2><dl class="facts">
  ${fact(t('mode'), word('mode', tx.mode))}
  ${fact(t('waiting'), tx.waiting ? word('waiting', tx.waiting) : null)}
  ${fact(t('next'), tx.next_at ? due(tx.next_at) : null)}
  ${fact(t('opened'), time(tx.opened_at))}
  ${fact(t('updated'), relative(tx.updated_at))}
  ${fact(t('reason'), tx.reason)}
  ${fact(t('attribute'), Object.keys(tx.attributes || {}).length ? tags(tx.attributes) : null)}
  ${fact(t('tx.result'), tx.result ? code(text(tx.result)) : null)}
  ${fact(t('tx.data'), tx.custom_data ? code(text(tx.custom_data)) : null)}
  </dl>${tx.options ? html`<details class="more"><summary>${t('tx.options')}</summary>${
    code(JSON.stringify(tx.options, null, 2))}</details>` : nothing}</section>`;
