// The API that everybody has. The console has no other one.

/** What the server did not do, in its own words. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * Who is at this browser.
 * @typedef {object} Session
 * @property {string} name empty where nobody has to log in
 * @property {string} role
 * @property {?string} ends_at
 * @property {?string} csrf what a change needs beside the cookie
 * @property {string[]} permissions
 * @property {string} version
 */

/** @type {?Session} */
export let session = null;

/** Called when the session has ended. */
let onEnd = () => {};

/** @param {() => void} action */
export function whenSessionEnds(action) {
  onEnd = action;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: object, token?: string, signal?: AbortSignal}} [more]
 * @returns {Promise<any>} what the server answered; fails with {@link Refused}
 */
export async function ask(method, path, more = {}) {
  /** @type {Record<string, string>} */
  const headers = {Accept: 'application/json'};
  if (more.token) {
    headers.Authorization = 'Bearer ' + more.token;
  } else if (method !== 'GET' && session && session.csrf) {
    headers['Pactor-Csrf'] = session.csrf;
  }
  if (more.body) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, {method, headers, credentials: 'same-origin',
      signal: more.signal, body: more.body ? JSON.stringify(more.body) : undefined});
  } catch (gone) {
    if (more.signal && more.signal.aborted) {
      throw gone;
    }
    throw new Refused(0, 'the server cannot be reached');
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch (none) {
    answer = null;
  }
  if (!response.ok) {
    if (response.status === 401 && session) {
      session = null;
      onEnd();
    }
    const words = answer && (answer.detail || answer.message) || text || response.statusText;
    throw new Refused(response.status, String(words));
  }
  return answer;
}

/** @param {string} path @param {AbortSignal} [signal] */
export const get = (path, signal) => ask('GET', path, {signal});

/** @param {string} path @param {object} body */
export const post = (path, body) => ask('POST', path, {body});

let description = '';

/** Whether the API has that path: its description says so. @param {string} path */
export const serves = path => description.includes('\n  ' + path + ':');

/** Who is here; null if somebody has to log in first. @returns {Promise<?Session>} */
export async function find() {
  try {
    await take(await get('/api/v1/session'));
  } catch (refused) {
    if (!(refused instanceof Refused) || ![401, 403, 429].includes(refused.status)) {
      throw refused;
    }
    session = null;
  }
  return session;
}

/** @param {string} token */
export async function logIn(token) {
  await take(await ask('POST', '/api/v1/session', {token}));
}

export async function logOut() {
  await ask('DELETE', '/api/v1/session');
  session = null;
}

/** @param {any} found */
async function take(found) {
  session = {...found, permissions: [], version: ''};
  const me = await get('/api/v1/me');
  const described = await fetch('/api/openapi.yaml');
  description = described.ok ? '\n' + await described.text() : '';
  session = {...found, permissions: me.permissions, version: me.version};
}

/** @param {string} permission */
export const may = permission => session !== null && session.permissions.includes(permission);

/** @param {Record<string, any>} fields @returns {string} a query without what is empty */
export function queryOf(fields) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined && each !== '' && each !== false) {
        query.append(name, String(each));
      }
    }
  }
  const text = query.toString();
  return text ? '?' + text : '';
}

/** @param {string} gid */
export const transactionPath = gid => '/api/v1/transactions/' + encodeURIComponent(gid);
