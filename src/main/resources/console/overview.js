// How the whole does, and where: each number leads to the list that it counts.

import {html, nothing} from './lit-html.js';
import {get} from './api.js';
import {t, word} from './text.js';
import {listHref, relative, status, time} from './show.js';

export const overview = {
  asks: '/api/v1/overview',

  async load(page, signal) {
    const [sums, cluster] = await Promise.all([
      get('/api/v1/overview', signal), get('/api/v1/cluster', signal)]);
    return {sums, cluster};
  },

  hears: event => event.event === 'created' || event.event === 'status'
    || event.event === 'parked' || event.event === 'unparked',

  render: page => {
    const {sums, cluster} = page.data;
    const all = sums.unfinished;
    const sum = key => all.reduce((before, each) => before + (each[key] || 0), 0);
    const oldest = all.map(each => each.oldest_at).filter(each => each).sort()[0];
    return html`<div class="head"><h1>${t('overview')}</h1><span class="badge ${sums.ready
        ? 'good' : 'bad'}">${sums.ready ? t('overview.ready') : t('overview.unready')}</span></div>
      <div class="stack">
      ${[...sums.reasons || [], ...sums.warnings || []].map(each =>
        html`<p class="problem">${each}</p>`)}
      <div class="tiles">
        ${tile(sum('count'), t('unfinished'), listHref({unfinished: true}))}
        ${tile(sum('parked'), t('parked'), listHref({parked: true}))}
        ${tile(sum('quarantined'), t('quarantined'), listHref({quarantined: true}))}
        ${tile(oldest ? relative(oldest) : t('none'), t('overview.oldest'),
          listHref({unfinished: true, sort: 'oldest'}))}
      </div>
      <section class="sheet"><h2>${t('overview.by')}</h2><div class="scroll"><table><thead><tr>
        <th>${t('mode')}</th><th>${t('status')}</th><th class="num">${t('overview.count')}</th>
        <th class="num">${t('parked')}</th><th class="num">${t('quarantined')}</th>
        <th>${t('overview.oldest')}</th></tr></thead><tbody>${all.map(each => html`<tr>
        <td>${word('mode', each.mode)}</td><td>${status(each.status)}</td>
        <td class="num">${number(each, {}, each.count)}</td>
        <td class="num">${number(each, {parked: true}, each.parked)}</td>
        <td class="num">${number(each, {quarantined: true}, each.quarantined)}</td>
        <td class="nowrap">${relative(each.oldest_at)}</td></tr>`)}</tbody></table></div></section>
      <section class="sheet"><h2>${t('overview.nodes')}</h2><div class="scroll"><table><thead><tr>
        <th>${t('node')}</th><th>${t('node.address')}</th><th>${t('status')}</th>
        <th>${t('node.since')}</th></tr></thead><tbody>${cluster.nodes.map(each => html`<tr>
        <td>${each.name}${each.self ? html` <span class="quiet">(${t('node.self')})</span>` : nothing}</td>
        <td class="mono">${each.address}</td><td><span class="badge ${each.status === 'up'
          ? 'good' : 'warn'}">${each.status}</span></td>
        <td class="nowrap">${time(each.since)}</td></tr>`)}</tbody></table></div></section></div>`;
  },
};

const tile = (value, label, href) =>
  html`<a class="sheet tile" href=${href}><b>${value}</b><span>${label}</span></a>`;

const number = (group, more, count) => !count ? html`<span class="quiet">0</span>`
  : html`<a href=${listHref({mode: group.mode, status: group.status, ...more})}>${count}</a>`;
