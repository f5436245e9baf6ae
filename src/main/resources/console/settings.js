// What this node runs with. Secrets do not come here.

import {html, nothing} from './lit-html.js';
import {get} from './api.js';
import {t} from './text.js';
import {empty} from './show.js';

export const settings = {
  asks: '/api/v1/settings',

  needs: 'administer',

  load: (page, signal) => get('/api/v1/settings', signal),

  render: page => {
    const wanted = (page.local.wanted || '').toLowerCase();
    const shown = page.data.items.filter(each =>
      (each.key + ' ' + each.value).toLowerCase().includes(wanted));
    return html`<div class="head"><h1>${t('settings')}</h1><p class="quiet">${t('settings.why')}</p></div>
      <div class="sheet"><div class="filters"><label>${t('filter')}<input type="search" @input=${e => {
        page.local.wanted = e.target.value;
        page.paint();
      }}></label></div>${shown.length === 0 ? empty(t('settings.none')) : html`<div class="scroll">
      <table><tbody>${shown.map(each => html`<tr><td class="mono">${each.key}</td>
        <td class="mono why">${typeof each.value === 'string' ? each.value
          : JSON.stringify(each.value)}</td></tr>`)}</tbody></table></div>`}</div>`;
  },
};
