// The frame around the views: who is here, where one is, and what happens live.

import {html, nothing, render} from './lit-html.js';
import * as api from './api.js';
import {Live} from './live.js';
import {language, speak, t} from './text.js';
import {moment, problem, transactionHref} from './show.js';
import {login} from './login.js';
import {attention, countAttention} from './attention.js';
import {transactions} from './transactions.js';
import {transaction} from './transaction.js';
import {overview} from './overview.js';
import {participants} from './participants.js';
import {topics} from './topics.js';
import {bulk} from './bulk.js';
import {audit} from './audit.js';
import {settings} from './settings.js';

/**
 * What stands at one path.
 * @typedef {object} View
 * @property {(page: Page, signal: AbortSignal) => Promise<any>} load
 * @property {(page: Page) => any} render
 * @property {(event: any, page: Page) => boolean} [hears] whether it must be read again
 * @property {(before: Page, now: Page) => boolean} [keeps] whether it shows what it has until it
 *     has read what is asked for now
 * @property {(page: Page) => boolean} [stale] whether it must be read again although nothing was heard
 * @property {() => number} [count] for the menu
 * @property {string} [asks] the path without which it is not in the menu
 * @property {string} [needs] the permission without which it is not in the menu
 */

/**
 * One visit to a view.
 * @typedef {object} Page
 * @property {string} name
 * @property {View} view
 * @property {URLSearchParams} query the filters: the URL is the state
 * @property {any} data
 * @property {?Error} error
 * @property {number} readAt
 * @property {Record<string, any>} local what is open and what is typed
 * @property {() => void} paint
 * @property {() => Promise<void>} reload
 * @property {(href: string) => void} go
 */

/** In the order of the menu. @type {Record<string, View>} */
const VIEWS = {attention, transactions, overview, participants, bulk, topics, audit,
  settings};

/** @type {Record<string, View>} */
const OTHERS = {transaction};

/** Those that are shown to this user. */
const shown = () => Object.keys(VIEWS).filter(name => {
  const {asks, needs} = VIEWS[name];
  return (!asks || api.serves(asks)) && (!needs || api.may(needs));
});

/** Lists are not read more often, however much happens. */
const READ_EVERY = 1000;

/** Without a stream they are read as often as this. */
const READ_BLIND = 5000;

/** How many need somebody is counted as often as this. */
const COUNT_EVERY = 10000;

/** @type {Page} */
let page;
let reading = new AbortController();
let isReading = false;
let mustRead = false;
/** @type {import('./live.js').State} */
let liveState = 'off';
let notice = '';

const live = new Live(heard, state => {
  if (state === 'live' && liveState === 'lost') {
    soon();
  }
  liveState = state;
  paint();
});

/** @param {any} event */
function heard(event) {
  const isGap = event.event === 'missed' || event.event === 'dropped';
  if (page && page.view.hears && (isGap || page.view.hears(event, page))) {
    soon();
  }
}

/** Reads the view again, now or when it was not read for a while. */
function soon() {
  if (mustRead) {
    return;
  }
  mustRead = true;
  setTimeout(() => {
    mustRead = false;
    page.reload();
  }, Math.max(0, page.readAt + READ_EVERY - Date.now()));
}

/** @param {string} href @param {boolean} [instead] of the place where one is */
function go(href, instead) {
  history[instead ? 'replaceState' : 'pushState'](null, '', href);
  visit();
}

function visit() {
  reading.abort();
  reading = new AbortController();
  isReading = false;
  const asked = location.pathname.split('/')[2];
  const name = shown().includes(asked) || OTHERS[asked] ? asked : shown()[0];
  const view = VIEWS[name] || OTHERS[name];
  const before = page && page.view === view ? page : null;
  page = {name, view,
    query: new URLSearchParams(location.search), data: null, error: null, readAt: 0, local: {},
    paint, reload, go};
  if (before && view.keeps && view.keeps(before, page)) {
    page.data = before.data;
    page.local = before.local;
  }
  document.title = t(page.name) + ' · Pactor';
  paint();
  reload();
}

async function reload() {
  if (isReading || !api.session) {
    return;
  }
  const own = page;
  isReading = true;
  try {
    own.data = await own.view.load(own, reading.signal);
    own.error = null;
    own.readAt = Date.now();
  } catch (wrong) {
    if (own === page && !reading.signal.aborted) {
      own.error = wrong;
      own.readAt = Date.now();
    }
  } finally {
    if (own === page) {
      isReading = false;
      paint();
    }
  }
}

function paint() {
  render(!api.session ? login({notice, done: start}) : frame(), document.body);
}

const frame = () => html`
  <a class="skip" href="#content">${t('skip')}</a>
  <div class="frame">${side()}
    <div class="main">
      <div class="top">${search()}<span class="grow"></span>${liveSign()}</div>
      ${liveState === 'lost' ? html`<div class="banner" role="status">${t('live.banner', {
        at: page.readAt ? moment(page.readAt) : '–', s: READ_BLIND / 1000})}</div>` : nothing}
      <main class="page" id="content" tabindex="-1">${content()}</main>
    </div>
  </div>`;

function content() {
  if (page.data !== null) {
    return html`${page.error ? problem(page.error) : nothing}${page.view.render(page)}`;
  }
  return page.error ? html`<div class="sheet pad stack"><h2>${t('failed')}</h2>
      ${problem(page.error)}<button class="btn" @click=${() => reload()}>${t('again')}</button></div>`
    : html`<p class="quiet" role="status">${t('loading')} …</p>`;
}

const side = () => html`<aside class="side">
  <a class="brand" href="/console"><img src="/console/icon.svg" alt="">Pactor</a>
  <nav aria-label=${t('console')}><ul class="nav">${shown()
    .map(name => [name, VIEWS[name]]).map(([name, view]) => html`<li><a href="/console/${name}"
      aria-current=${page.name === name ? 'page' : nothing}>${t(name)}${
      view.count && view.count() ? html`<span class="count">${view.count()}</span>` : nothing
      }</a></li>`)}</ul></nav>
  <div class="foot">
    <div class="row">
      <select aria-label=${t('language')} @change=${e => { speak(e.target.value); visit(); }}>
        <option value="en" ?selected=${language === 'en'}>English</option>
        <option value="zh" ?selected=${language === 'zh'}>中文</option></select>
      <select aria-label=${t('theme')} @change=${e => dress(e.target.value)}>
        ${['system', 'light', 'dark'].map(each => html`<option value=${each}
          ?selected=${(document.documentElement.dataset.theme || 'system') === each}
          >${t('theme.' + each)}</option>`)}</select>
    </div>
    <div class="who">${api.session.name
      ? html`<b>${api.session.name}</b><span class="quiet">${api.session.role}</span>`
      : html`<span class="quiet">${t('nobody')}</span>`}</div>
    ${api.session.csrf ? html`<button class="btn small" @click=${leave}>${t('logout')}</button>`
      : nothing}
    <span class="quiet">${api.session.version}</span>
  </div></aside>`;

const search = () => html`<form role="search" @submit=${e => {
    e.preventDefault();
    const gid = new FormData(e.target).get('gid').toString().trim();
    if (gid) {
      go(transactionHref(gid));
    }
  }}><input id="search" type="search" name="gid" autocomplete="off" spellcheck="false"
    aria-label=${t('search')} placeholder=${t('search')}><kbd>/</kbd></form>`;

const liveSign = () => html`<button type="button" class="btn plain live"
  aria-pressed=${liveState !== 'off'} @click=${() => live.isWanted ? live.stop() : live.start()}
  ><span class="dot live-${liveState === 'live' ? 'on' : liveState}"></span>${
  t('live.' + liveState)}</button>`;

/** @param {string} theme */
function dress(theme) {
  const chosen = theme === 'light' || theme === 'dark' ? theme : '';
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  } else {
    delete document.documentElement.dataset.theme;
  }
  try {
    localStorage.setItem('pactor-theme', chosen);
  } catch (none) {
    // It is forgotten with the page.
  }
  paint();
}

async function leave() {
  try {
    await api.logOut();
  } catch (refused) {
    // Whoever wants to go goes: what is left of the session ends by itself.
  }
  notice = '';
  live.stop();
  paint();
}

async function start() {
  notice = '';
  try {
    await api.find();
  } catch (wrong) {
    notice = wrong.message;
    setTimeout(start, 3000);
  }
  if (api.session) {
    visit();
    live.start();
    count();
  } else {
    paint();
  }
}

/** For the menu, while another view is shown. */
async function count() {
  if (api.session && !document.hidden && page.name !== 'attention'
      && shown().includes('attention')) {
    try {
      await countAttention();
      paint();
    } catch (later) {
      // The next count tells.
    }
  }
}

setInterval(count, COUNT_EVERY);

api.whenSessionEnds(() => {
  notice = t('ended');
  live.stop();
  paint();
});

document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey
      || event.shiftKey || event.altKey || link.getAttribute('target')) {
    return;
  }
  const url = new URL(link.href);
  if (url.origin === location.origin && /^\/console(\/|$)/.test(url.pathname) && !url.hash) {
    event.preventDefault();
    go(url.pathname + url.search);
    scrollTo(0, 0);
  }
});

document.addEventListener('keydown', event => {
  const target = event.target;
  const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    const field = document.getElementById('search');
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

addEventListener('popstate', visit);

// Times on the page go on, and without a stream the page is read now and then.
setInterval(() => {
  if (!document.hidden && api.session && page) {
    if (liveState === 'lost' && Date.now() - page.readAt >= READ_BLIND
        || liveState !== 'off' && page.view.stale && page.view.stale(page)) {
      reload();
    }
    paint();
  }
}, 1000);

start();
