// Who did what, on record.

import {html, nothing} from './lit-html.js';
import {get, queryOf} from './api.js';
import {t} from './text.js';
import {empty, pager, time} from './show.js';

export const audit = {
  asks: '/api/v1/audit',

  needs: 'operate',

  load: (page, signal) => get('/api/v1/audit' + queryOf({cursor: page.query.get('cursor')}), signal),

  hears: () => false,

  render: page => html`<div class="head"><h1>${t('audit')}</h1></div>
    <div class="sheet">${page.data.items.length === 0 ? empty(t('audit.none'))
    : html`<div class="scroll"><table><thead><tr><th class="num">#</th><th>${t('time')}</th>
      <th>${t('audit.who')}</th><th>${t('audit.act')}</th><th>${t('audit.target')}</th><th>${t('reason')}</th>
      <th>${t('tx.result')}</th></tr></thead><tbody>${page.data.items.map(each => html`<tr>
      <td class="num">${each.number}</td><td class="nowrap">${time(each.at)}</td>
      <td>${each.who || html`<span class="quiet">${t('none')}</span>`}<div class="quiet">${each.role} ${
        each.from}</div></td>
      <td>${each.act}<div class="quiet">${each.kind}</div></td><td class="why mono">${each.target}</td>
      <td class="why">${each.reason || nothing}</td><td class="why">${each.result || nothing}</td>
      </tr>`)}</tbody></table></div>${pager(page, page.data.items, page.data.next)}`}</div>`,
};
