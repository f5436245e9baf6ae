// What can be done to one transaction. The server says what is allowed, and why not.

import {html, nothing} from './lit-html.js';
import {ask, may, post, serves, session, transactionPath} from './api.js';
import {t} from './text.js';
import {choice, problem} from './show.js';

/** In the order of how much they change. What each asks for is listed in {@link fields}. */
const ALL = ['retry', 'pause', 'resume', 'unpark', 'park', 'edit', 'skip', 'resolve', 'rollback',
  'stop', 'again', 'delete'];

const DANGEROUS = new Set(['skip', 'resolve', 'rollback', 'stop', 'delete']);

/** Those that ask nothing are done at once. */
const AT_ONCE = new Set(['retry', 'resume', 'unpark']);

/** @param {any} page @param {any} tx @param {any} explain */
export function actions(page, tx, explain) {
  if (!explain) {
    return html`<p class="quiet">${t('act.unasked')}</p>`;
  }
  if (!ALL.some(isServed)) {
    return html`<p class="quiet">${t('act.unasked')}</p>`;
  }
  if (!may('operate')) {
    return html`<p class="quiet">${t('act.role', {role: session.role})}</p>`;
  }
  const shown = ALL.filter(isServed).map(name => merged(name, explain.actions))
    .filter(each => each.all.length && makesSense(each.action, tx));
  const able = shown.filter(each => each.allowed);
  const unable = shown.filter(each => !each.allowed);
  return html`<div class="acts">${outcomeOf(page)}${able.map(each => html`
      <button type="button" class="btn ${each.action === 'retry' || each.action === 'unpark'
        ? 'first' : DANGEROUS.has(each.action) ? 'danger' : ''}"
        data-action=${each.action} title=${each.effect || ''}
        @click=${() => begin(page, tx, each)}>${t('act.' + each.action)}</button>`)}
    ${unable.length ? html`<details class="more"><summary>${t('act.not', {n: unable.length})}</summary>
      ${unable.map(each => html`<div class="because"><button type="button" class="btn small" disabled
        data-action=${each.action} aria-describedby="why-${each.action}">${
        t('act.' + each.action)}</button><span id="why-${each.action}">${
        each.because || each.effect}</span></div>`)}</details>` : nothing}</div>`;
}

/** There is no pause to end where there is none. @param {string} name @param {any} tx */
const makesSense = (name, tx) => name === 'resume' ? tx.paused
  : name === 'unpark' ? tx.parked : name !== 'retry' || !tx.parked && !tx.paused;

/** @param {string} name */
const isServed = name => serves('/api/v1/transactions/{gid}' + (name === 'delete' ? '' : '/' + name));

/** One button for what can be done to several operations. @param {string} name @param {any[]} all */
function merged(name, all) {
  const own = all.filter(each => each.action === name);
  const able = own.filter(each => each.allowed);
  const first = able[0] || own[0] || {};
  return {action: name, allowed: able.length > 0, effect: first.effect, because: first.because,
    all: own, which: able.filter(each => each.branch_id)};
}

function outcomeOf(page) {
  const {done, refused} = page.local;
  return done ? html`<p class="done" role="status">${done}</p>`
    : refused && !page.local.action ? problem(refused) : nothing;
}

/** @param {any} page @param {any} tx @param {any} action */
function begin(page, tx, action) {
  page.local.done = null;
  page.local.refused = null;
  if (AT_ONCE.has(action.action)) {
    carryOut(page, tx, action.action, {});
  } else {
    page.local.action = action;
    page.paint();
    document.querySelector('dialog').showModal();
  }
}

/** @param {any} page @param {any} tx @param {string} name @param {Record<string, any>} body */
async function carryOut(page, tx, name, body) {
  const path = transactionPath(tx.gid);
  page.local.isBusy = true;
  page.paint();
  try {
    const answer = name === 'delete' ? await ask('DELETE', path)
      : await post(path + '/' + name, body);
    const text = answer && answer.text || '';
    page.local.done = t(answer && answer.changed === false ? 'act.same' : 'act.done', {text});
    page.local.refused = null;
    close(page);
  } catch (refused) {
    page.local.refused = refused;
  }
  page.local.isBusy = false;
  page.paint();
  page.reload();
}

function close(page) {
  page.local.action = null;
  const open = document.querySelector('dialog[open]');
  if (open instanceof HTMLDialogElement) {
    open.close();
  }
}

/** The one dialog of the page; closed while nothing is asked. @param {any} page @param {any} tx */
export function dialog(page, tx) {
  const action = page.local.action;
  return html`<dialog @close=${() => { page.local.action = null; page.paint(); }}>${!action
    ? nothing : html`<form method="dialog" @submit=${e => {
      e.preventDefault();
      carryOut(page, tx, action.action, bodyOf(new FormData(e.target)));
    }}><h2>${t('act.' + action.action)}</h2>
      ${action.effect ? html`<p class="soft said">${action.effect}</p>` : nothing}
      ${fields(action)}
      ${page.local.refused ? problem(page.local.refused) : nothing}
      <div class="row"><button type="button" class="btn" @click=${() => close(page)}>${
        t('cancel')}</button><button class="btn first ${DANGEROUS.has(action.action) ? 'danger' : ''}"
        ?disabled=${page.local.isBusy}>${t('act.' + action.action)}</button></div>
    </form>`}</dialog>`;
}

const reason = (isNeeded = true) => html`<label>${t('reason')}<textarea name="reason" rows="2"
  maxlength="1000" ?required=${isNeeded}></textarea></label>`;

const field = (name, label, type = 'text') => html`<label>${label}<input type=${type} name=${name}
  autocomplete="off" spellcheck="false"></label>`;

/** @param {any} action */
function fields(action) {
  const which = () => {
    const all = action.which.map(each => [JSON.stringify([each.branch_id, each.op]),
      each.branch_id + ' ' + each.op]);
    return choice('which', t('act.which'), all.length ? all[0][0] : '', all);
  };
  const ends = (...all) => choice('outcome', t('act.outcome'), all[0],
    all.map(each => [each, t('act.outcome.' + each)]));
  switch (action.action) {
    case 'pause': return html`${field('until', t('act.until'), 'datetime-local')}${reason(false)}`;
    case 'park': return reason();
    case 'skip': return html`${which()}${reason()}`;
    case 'resolve': return html`${which()}${ends('success', 'failure')}${reason()}`;
    case 'stop': return html`${ends('failed', 'succeed')}${reason()}`;
    case 'rollback': return reason();
    case 'edit': return html`${which()}${field('url', t('act.url'))}${
      field('payload', t('act.payload'))}${field('retry_interval_s', t('act.interval'), 'number')}`;
    case 'again': return html`${field('from', t('act.from'))}${field('gid', t('act.gid'))}${
      reason(false)}`;
    default: return nothing;
  }
}

/** What is left empty is not sent. @param {FormData} typed */
function bodyOf(typed) {
  /** @type {Record<string, any>} */
  const body = {};
  for (const [name, value] of typed.entries()) {
    const text = String(value).trim();
    if (text === '') {
      continue;
    }
    if (name === 'which') {
      [body.branch_id, body.op] = JSON.parse(text);
    } else if (name === 'until') {
      body.until = new Date(text).toISOString();
    } else if (name === 'retry_interval_s') {
      body[name] = Number(text);
    } else {
      body[name] = text;
    }
  }
  return body;
}
