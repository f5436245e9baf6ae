// Whom calls go to, how they went, and whether they are paused.

import {html, nothing} from './lit-html.js';
import {get, may, post} from './api.js';
import {t} from './text.js';
import {empty, listHref, problem, time} from './show.js';

export const participants = {
  load: (page, signal) => get('/api/v1/participants', signal),

  hears: event => event.event === 'attempt' || event.event === 'paused' || event.event === 'resumed',

  render: page => html`<div class="head"><h1>${t('participants')}</h1></div>
    ${page.local.refused ? problem(page.local.refused) : nothing}
    <div class="sheet">${page.data.items.length === 0 ? empty(t('participants.none'))
    : html`<div class="scroll"><table><thead><tr><th>${t('participant')}</th>
      <th class="num">${t('key.success')}</th><th class="num">${t('key.failure')}</th>
      <th class="num">${t('key.unknown')}</th><th class="num">${t('key.ongoing')}</th>
      <th class="num">${t('participants.deferred')}</th><th></th></tr></thead>
      <tbody>${page.data.items.map(each => row(page, each))}</tbody></table></div>`}</div>
    <p class="quiet">${t('participants.why')}</p>`,
};

const row = (page, each) => {
  const calls = each.calls || {};
  return html`<tr><td><a href=${listHref({participant: each.participant})}>${each.participant}</a>${
    each.paused ? html` <span class="badge hold">${t('paused')}</span>${each.paused_until
      ? html` <span class="quiet">→ ${time(each.paused_until)}</span>` : nothing}` : nothing}</td>
    ${['success', 'failure', 'unknown', 'ongoing'].map(key => html`<td class="num">${
      calls[key] || html`<span class="quiet">0</span>`}</td>`)}
    <td class="num">${each.deferred || html`<span class="quiet">0</span>`}</td>
    <td class="num">${may('operate') && 'paused' in each ? html`<button class="btn small"
      @click=${() => toggle(page, each)}>${t(each.paused ? 'act.resume' : 'act.pause')}</button>`
      : nothing}</td></tr>`;
};

async function toggle(page, each) {
  page.local.refused = null;
  try {
    await post('/api/v1/participants/' + encodeURIComponent(each.participant)
      + (each.paused ? '/resume' : '/pause'), {});
  } catch (refused) {
    page.local.refused = refused;
  }
  page.reload();
}
