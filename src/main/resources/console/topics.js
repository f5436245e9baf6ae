// Topics, and who has subscribed to them.

import {html} from './lit-html.js';
import {get, queryOf} from './api.js';
import {t} from './text.js';
import {empty, pager} from './show.js';

export const topics = {
  asks: '/api/v1/topics',

  load: (page, signal) => get('/api/v1/topics' + queryOf({
    cursor: page.query.get('cursor')}), signal),

  render: page => html`<div class="head"><h1>${t('topics')}</h1></div>
    <div class="sheet">${page.data.items.length === 0 ? empty(t('topics.none'))
    : html`<div class="scroll"><table><thead><tr><th>${t('topic')}</th>
      <th>${t('topics.subscribers')}</th></tr></thead><tbody>${page.data.items.map(each => html`<tr>
      <td><b>${each.topic}</b></td><td>${(each.subscribers || []).map(one => html`<div class="mono said">${
        one.url}${one.remark ? html` <span class="quiet">${one.remark}</span>` : ''}</div>`)}</td>
      </tr>`)}</tbody></table></div>${
      pager(page, page.data.items, page.data.next)}`}</div>`,
};
