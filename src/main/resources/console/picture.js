// The course of a transaction as a picture: a lane for each operation, a bar for each attempt.
//
// Attempts take milliseconds and the waits between them minutes, so the axis is no straight one:
// stretches in which something happens are drawn wide, and those of waiting are short and say how
// long they were.

import {html, nothing, svg} from './lit-html.js';
import {t, word} from './text.js';
import {duration, moment, precise} from './show.js';

const LABELS = 190;
const RIGHT = 90;
const LANE = 44;
const TOP = 30;
const BAR = 16;
const BAR_LEAST = 7;
const WAIT_LEAST = 46;
const WAIT_MOST = 150;

/** Attempts nearer than this belong to one stretch. */
const NEAR = 400;

/**
 * @typedef {object} Lane
 * @property {string} branch
 * @property {string} op
 * @property {string} host
 * @property {any} state
 * @property {any[]} attempts
 */

/**
 * @param {{tx: any, attempts: any[], skipped: any[], open: (attempt: any) => void}} what
 */
export function picture({tx, attempts, skipped, open}) {
  const lanes = lanesOf(tx, attempts);
  if (lanes.length === 0) {
    return nothing;
  }
  const now = Date.now();
  const isOver = tx.status === 'succeed' || tx.status === 'failed';
  const end = isOver ? new Date(tx.updated_at).getTime() : now;
  const room = roomOf();
  const axis = axisOf(lanes, new Date(tx.opened_at).getTime(), end, isOver ? null : tx.next_at,
    room - RIGHT);
  const height = TOP + lanes.length * LANE + 26;
  const width = Math.max(room, axis.width + RIGHT);
  return html`<div class="picture"><svg width=${width} height=${height}
      viewBox="0 0 ${width} ${height}" role="img" aria-label=${t('tx.picture')}>
    ${lanes.map((lane, i) => svg`<rect class="lane ${i % 2 ? 'odd' : ''}" x="0"
      y=${TOP + i * LANE} width=${width} height=${LANE} rx="6"></rect>`)}
    ${axis.stretches.map(each => ticks(each, height))}
    ${lanes.map((lane, i) => laneOf(lane, TOP + i * LANE, axis, {now, isOver, skipped, open}))}
    ${isOver ? nothing : svg`<line class="now" x1=${axis.at(now)} x2=${axis.at(now)}
      y1=${TOP - 6} y2=${height - 22}></line><text class="now-text" x=${axis.at(now)}
      y=${TOP - 11} text-anchor="middle">${t('tx.now')}</text>`}
  </svg></div>${keys(lanes, isOver)}`;
}

/** @param {any} tx @param {any[]} attempts @returns {Lane[]} */
function lanesOf(tx, attempts) {
  const lanes = new Map();
  const lane = (branch, op) => {
    const key = branch + ' ' + op;
    if (!lanes.has(key)) {
      lanes.set(key, {branch, op, host: '', state: null, attempts: []});
    }
    return lanes.get(key);
  };
  for (const each of tx.branches || []) {
    const isIdle = !each.attempts && !each.next_at
      && !attempts.some(one => one.branch_id === each.branch_id && one.op === each.op);
    if (isIdle && each.status === 'prepared' && each.op !== 'action' && each.op !== 'try') {
      continue;
    }
    const own = lane(each.branch_id, each.op);
    own.state = each;
    own.host = hostOf(each.url);
  }
  for (const each of attempts) {
    lane(each.branch_id, each.op).attempts.push(each);
  }
  return [...lanes.values()].sort((a, b) => firstOf(a) - firstOf(b));
}

/** Lanes stand in the order in which they came to be called. @param {Lane} lane */
const firstOf = lane => lane.attempts.length ? from(lane.attempts[0]) : Number.MAX_SAFE_INTEGER;

/** @param {?string} url */
export function hostOf(url) {
  const found = /^[a-z+.-]*:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(url || '');
  return found ? found[1] : url || '';
}

const from = attempt => new Date(attempt.started_at).getTime();
const to = attempt => from(attempt) + (attempt.duration_ms || 0);

/**
 * @param {Lane[]} lanes
 * @param {number} opened
 * @param {number} end
 * @param {?string} next
 * @param {number} room that it should fill
 */
function axisOf(lanes, opened, end, next, room) {
  const busy = lanes.flatMap(lane => lane.attempts).map(each => [from(each), to(each)]);
  busy.push([opened, opened], [end, end]);
  const last = Math.max(end, ...busy.map(each => each[1]));
  if (next && new Date(next).getTime() > last) {
    const due = new Date(next).getTime();
    busy.push([due, due]);
  }
  busy.sort((a, b) => a[0] - b[0]);
  /** @type {{from: number, to: number, x: number, width: number, count: number}[]} */
  const stretches = [];
  for (const [start, stop] of busy) {
    const before = stretches[stretches.length - 1];
    if (before && start - before.to < NEAR) {
      before.to = Math.max(before.to, stop);
      before.count++;
    } else {
      stretches.push({from: start, to: stop, x: 0, width: 0, count: 1});
    }
  }
  const waits = stretches.map((each, i) => i === 0 ? 0
    : waitWidth(each.from - stretches[i - 1].to));
  const widths = stretches.map(each => Math.min(460, 14 + 16 * each.count
    + 26 * Math.log2(1 + (each.to - each.from) / 20)));
  const natural = [...waits, ...widths].reduce((sum, each) => sum + each, 0);
  const scale = Math.min(2, Math.max(.3, (room - LABELS) / natural));
  let x = LABELS;
  stretches.forEach((each, i) => {
    x += waits[i] * scale;
    each.x = x;
    each.width = widths[i] * scale;
    x += each.width;
  });
  const at = time => {
    for (let i = 0; i < stretches.length; i++) {
      const each = stretches[i];
      if (time < each.from) {
        const before = stretches[i - 1];
        if (!before) {
          return each.x;
        }
        const part = (time - before.to) / (each.from - before.to);
        return before.x + before.width + part * (each.x - before.x - before.width);
      }
      if (time <= each.to) {
        return each.x + (each.to === each.from ? each.width / 2
          : 6 + (time - each.from) / (each.to - each.from) * (each.width - 12));
      }
    }
    return x;
  };
  return {stretches, at, width: x};
}

const waitWidth = ms => Math.min(WAIT_MOST, WAIT_LEAST + 7 * Math.log2(1 + ms / 1000));

/** What the page has for it. */
function roomOf() {
  const content = document.getElementById('content');
  return Math.max(560, (content ? content.clientWidth : 1000) - 90);
}

/** @param {any} stretch @param {number} height */
const ticks = (stretch, height) => svg`<line class="grid" x1=${stretch.x} x2=${stretch.x}
  y1=${TOP} y2=${height - 22}></line><text class="tick" x=${stretch.x} y=${height - 7}
  >${precise(stretch.from).slice(-12, -4)}</text>`;

/** @param {Lane} lane @param {number} y @param {any} axis @param {any} how */
function laneOf(lane, y, axis, how) {
  const middle = y + LANE / 2;
  const parts = [];
  lane.attempts.forEach((each, i) => {
    const next = lane.attempts[i + 1];
    const until = next ? from(next) : null;
    if (until !== null && until - to(each) > NEAR) {
      parts.push(wait(axis.at(to(each)), axis.at(until), middle, next.outcome === 'put-off',
        duration(until - to(each))));
    }
  });
  const last = lane.attempts[lane.attempts.length - 1];
  const due = !how.isOver && lane.state && lane.state.next_at
    ? new Date(lane.state.next_at).getTime() : null;
  if (due !== null) {
    const begin = axis.at(last ? to(last) : how.now);
    const x = due > how.now ? axis.at(due) : axis.at(how.now) + 10;
    parts.push(wait(begin, x, middle, false, ''));
    parts.push(svg`<circle class="due" cx=${x} cy=${middle} r="6"><title>${t('tx.next')}: ${
      precise(due)}</title></circle><text class="sub" x=${x + 11} y=${middle + 4}>${
      due > how.now ? t('in', {d: duration(due - how.now)}) : t('due')}</text>`);
  }
  return svg`<text class="name" x="12" y=${middle - 2}>${lane.branch} ${lane.op}</text>
    <text class="sub" x="12" y=${middle + 12}>${short(lane.host)}</text>
    ${parts}${lane.attempts.map(each => bar(each, middle, axis, how.open))}`;
}

const wait = (x1, x2, y, isDeferred, text) => x2 - x1 < 4 ? nothing
  : svg`<line class="wait ${isDeferred ? 'deferred' : ''}" x1=${x1} x2=${x2} y1=${y} y2=${y}
  ></line>${text && x2 - x1 > 40 ? svg`<text class="sub" x=${(x1 + x2) / 2} y=${y - 6}
  text-anchor="middle">${text}</text>` : nothing}`;

function bar(attempt, y, axis, open) {
  const x = axis.at(from(attempt));
  const width = Math.max(BAR_LEAST, axis.at(to(attempt)) - x);
  return svg`<rect class="bar ${attempt.outcome}" x=${x} y=${y - BAR / 2} width=${width}
    height=${BAR} rx="3" @click=${() => open(attempt)}><title>${attempt.attempt}. ${
    word('key', attempt.outcome)} · ${precise(attempt.started_at)} · ${
    duration(attempt.duration_ms || 0)}${attempt.error ? '\n' + attempt.error : ''}</title></rect>`;
}

const short = text => text.length > 27 ? text.slice(0, 26) + '…' : text;

function keys(lanes, isOver) {
  const seen = new Set(lanes.flatMap(lane => lane.attempts.map(each => each.outcome)));
  return html`<div class="keys">${[...seen].map(each =>
    html`<span><i class="key ${each}"></i>${word('key', each)}</span>`)}</div>`;
}
