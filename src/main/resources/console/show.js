// Small pieces that all views are made of. All that comes from data becomes text, never markup.

import {html, nothing} from './lit-html.js';
import {language, t, word} from './text.js';
import {queryOf} from './api.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @param {number} ms @returns {string} at most two units */
export function duration(ms) {
  const zh = language === 'zh';
  const unit = (en, cn) => zh ? ' ' + cn : ' ' + en;
  const abs = Math.max(0, ms);
  if (abs < SECOND) {
    return Math.round(abs) + unit('ms', '毫秒');
  }
  if (abs < 10 * SECOND) {
    return (abs / SECOND).toFixed(1).replace(/\.0$/, '') + unit('s', '秒');
  }
  if (abs < MINUTE) {
    return Math.floor(abs / SECOND) + unit('s', '秒');
  }
  const two = (big, bigUnit, small, smallUnit) => {
    const rest = Math.floor(abs % big / small);
    return Math.floor(abs / big) + bigUnit + (rest ? ' ' + rest + smallUnit : '');
  };
  if (abs < HOUR) {
    return two(MINUTE, unit('min', '分'), SECOND, unit('s', '秒'));
  }
  return abs < DAY ? two(HOUR, unit('h', '小时'), MINUTE, unit('min', '分'))
    : two(DAY, unit('d', '天'), HOUR, unit('h', '小时'));
}

/** What is longer ago needs no seconds. @param {number} ms */
const age = ms => duration(ms < 5 * MINUTE ? Math.max(SECOND, ms) : ms < HOUR
  ? Math.floor(ms / MINUTE) * MINUTE : ms < 5 * HOUR ? ms : ms < DAY
    ? Math.floor(ms / HOUR) * HOUR : ms < 5 * DAY ? ms : Math.floor(ms / DAY) * DAY);

const two = n => String(n).padStart(2, '0');

/** @param {Date} at */
const clock = at => two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds());

/** @param {string | number} at @returns {string} by the clock of this browser; the date if it is not today */
export function moment(at) {
  const date = new Date(at);
  const today = new Date();
  return date.toDateString() === today.toDateString() ? clock(date)
    : date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate())
      + ' ' + clock(date);
}

/** @param {string | number} at */
export const precise = at => moment(at) + '.' + String(new Date(at).getMilliseconds())
  .padStart(3, '0');

/** @param {?string} at */
export const time = at => at
  ? html`<time datetime=${at} title=${new Date(at).toISOString()}>${moment(at)}</time>` : t('none');

/** How long ago, or in how long. @param {?string} at */
export function relative(at) {
  if (!at) {
    return t('none');
  }
  const ms = new Date(at).getTime() - Date.now();
  const text = ms > 0 ? t('in', {d: duration(ms)}) : t('ago', {d: age(-ms)});
  return html`<time datetime=${at} title=${moment(at)}>${text}</time>`;
}

/** When the next thing is due. @param {?string} at */
export function due(at) {
  return !at ? t('none') : new Date(at).getTime() <= Date.now() ? t('due') : relative(at);
}

const TONES = {prepared: '', submitted: 'run', aborting: 'warn', succeed: 'good', failed: 'bad',
  success: 'good', failure: 'bad', unknown: 'warn', ongoing: 'run', forbidden: 'hold'};

/** @param {string} status */
export const status = status =>
  html`<span class="badge ${TONES[status] || ''}">${word('status', status)}</span>`;

/** @param {string} outcome */
export const outcome = outcome =>
  html`<span class="badge ${TONES[outcome] || ''}">${word('key', outcome)}</span>`;

/** What sets a transaction apart beside its status. @param {any} row */
export const marks = row => html`${row.quarantined
    ? html` <span class="badge bad">${t('quarantined')}</span>` : nothing}${row.parked
    ? html` <span class="badge hold">${t('parked')}</span>` : nothing}${row.paused
    ? html` <span class="badge hold">${t('paused')}</span>` : nothing}`;

/** @param {string} gid */
export const transactionHref = gid => '/console/transaction' + queryOf({gid});

/** @param {string} gid */
export const gidLink = gid => html`<a href=${transactionHref(gid)}>${gid}</a>`;

/** @param {Record<string, any>} filter */
export const listHref = filter => '/console/transactions' + queryOf(filter);

/** Each leads to its list; which transaction it is again, to that one. @param {Record<string, string>} attributes */
export const tags = attributes => Object.entries(attributes || {}).map(([key, value]) =>
  html`<a class="tag" href=${key === 'pactor.again_of' ? transactionHref(value)
    : listHref({attribute: key + ':' + value})}>${key}: ${value}</a> `);

/** A text to copy. @param {string} text */
export const code = text => html`<div class="codebox"><pre class="code">${text}</pre>
  <button type="button" class="btn small" @click=${e => copy(e.currentTarget, text)}
  >${t('copy')}</button></div>`;

/** @param {HTMLElement} button @param {string} text */
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.ariaLabel = t('copied');
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1200);
  } catch (denied) {
    const range = document.createRange();
    range.selectNodeContents(button.parentElement.querySelector('pre'));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}

/** @param {string} title @param {any} [why] */
export const empty = (title, why) =>
  html`<div class="empty"><b>${title}</b>${why || nothing}</div>`;

/** @param {Error} error */
export const problem = error => html`<p class="problem" role="alert">${error.message}</p>`;

/**
 * @param {string} label
 * @param {any} value
 */
export const fact = (label, value) => value === null || value === undefined || value === ''
  ? nothing : html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

/** A choice. @param {string} name @param {string} label @param {string} value @param {[string, string][]} all */
export const choice = (name, label, value, all) => html`<label>${label}
  <select name=${name} .value=${value}>${all.map(([each, text]) =>
    html`<option value=${each} ?selected=${each === value}>${text}</option>`)}</select></label>`;

/** A page of a list, and the way to the next. @param {any} page @param {string[]} all the fields of its filter */
export const pager = (page, items, next) => {
  const here = Object.fromEntries([...page.query.keys()].map(key =>
    [key, page.query.getAll(key)]));
  const at = cursor => location.pathname + queryOf({...here, cursor});
  return html`<div class="pager"><span class="quiet">${t('list.shown', {n: items.length})}</span>
    <span class="row">${page.query.get('cursor')
      ? html`<a class="btn small" href=${at(null)}>${t('first')}</a>` : nothing}
    ${next ? html`<a class="btn small" href=${at(next)}>${t('more')}</a>` : nothing}</span></div>`;
};
