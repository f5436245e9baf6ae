// Participants at which something is stuck.

import {html} from './lit-html.js';
import {get} from './api.js';
import {t, word} from './text.js';
import {empty, listHref, relative} from './show.js';

export const participants = {
  asks: '/api/v1/participants',

  load: (page, signal) => get('/api/v1/participants', signal),

  hears: event => ['status', 'retry', 'parked', 'unparked'].includes(event.event),

  render: page => html`<div class="head"><h1>${t('participants')}</h1><p class="quiet">${
      t('participants.why')}</p></div>
    <div class="sheet">${page.data.items.length === 0 ? empty(t('participants.none'))
    : html`<div class="scroll"><table><thead><tr><th>${t('participant')}</th>
      <th class="num">${t('stuck')}</th><th>${t('cause')}</th><th>${t('overview.oldest')}</th>
      </tr></thead><tbody>${page.data.items.map(row)}</tbody></table></div>`}</div>`,
};

const row = each => html`<tr><td><b>${each.participant}</b></td>
  <td class="num"><a href=${listHref({participant: each.participant})}>${each.stuck}</a></td>
  <td>${Object.entries(each.causes || {}).map(([name, n]) => html`<a class="badge"
    href=${listHref({participant: each.participant, cause: name})}>${word('cause', name)} ${n}</a> `)}</td>
  <td class="nowrap">${relative(each.oldest_at)}</td></tr>`;
