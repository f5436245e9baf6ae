// What needs a person: causes, not lists.

import {html, nothing} from './lit-html.js';
import {get} from './api.js';
import {has, t} from './text.js';
import {empty, listHref, relative} from './show.js';

let counted = 0;

export const attention = {
  asks: '/api/v1/attention',

  async load(page, signal) {
    const found = await get('/api/v1/attention', signal);
    counted = total(found.items);
    return found;
  },

  hears: event => ['status', 'retry', 'parked', 'unparked', 'paused', 'resumed'].includes(event.event),

  /** For the menu. */
  count: () => counted,

  render: page => {
    const items = [...page.data.items].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
    return html`<div class="head"><h1>${t('attention')}</h1>${items.length ? html`<p class="quiet">${
        t('attention.sum', {n: total(items), c: items.length})}</p>` : nothing}</div>
      <div class="sheet">${items.length === 0
        ? empty(t('attention.none'), t('attention.none.why')) : items.map(cause)}</div>`;
  },
};

/** For the menu, while another view is shown. */
export async function countAttention() {
  counted = total((await get('/api/v1/attention')).items);
}

const total = items => items.reduce((sum, each) => sum + each.count, 0);

/** Those that nothing but a person moves come first. */
const ORDER = ['quarantined', 'parked', 'retry', 'put-off', 'callback', 'check-back', 'paused'];

const rank = each => (ORDER.indexOf(each.cause) + ORDER.length + 1) % (ORDER.length + 1);

const TONES = {quarantined: 'bad', parked: 'hold', retry: 'warn', 'put-off': 'warn', paused: 'hold'};

const cause = each => html`<a class="cause" href=${listHref(each.filter)}>
  <span class="how-many">${each.count}</span>
  <span class="what"><span class="row"><span class="badge ${TONES[each.cause] || 'run'}">${
    has('cause.' + each.cause) ? t('cause.' + each.cause) : each.cause}</span>${each.participant
    ? html`<b>${each.participant}</b>` : nothing}</span>
    ${each.error ? html`<span class="said clip">${each.error}</span>` : nothing}
    <span class="quiet">${has('cause.' + each.cause + '.why')
      ? t('cause.' + each.cause + '.why') : nothing}</span></span>
  <span class="quiet nowrap">${t('attention.oldest')} ${relative(each.oldest_at)}</span></a>`;
