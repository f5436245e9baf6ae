// For whoever has to say who they are.

import {html, nothing} from './lit-html.js';
import * as api from './api.js';
import {t} from './text.js';

let refusal = '';

/** @param {{notice: string, done: () => void}} how */
export const login = ({notice, done}) => html`<main class="login">
  <form class="sheet" @submit=${async e => {
    e.preventDefault();
    const token = new FormData(e.target).get('token').toString().trim();
    try {
      await api.logIn(token);
      refusal = '';
      e.target.reset();
    } catch (refused) {
      refusal = refused.message;
      e.target.elements.token.select();
    }
    done();
  }}>
    <span class="brand"><img src="/console/icon.svg" alt="">Pactor</span>
    ${notice ? html`<p class="quiet" role="status">${notice}</p>` : nothing}
    <label>${t('login.token')}<input type="password" name="token" required autocomplete="off"
      autofocus></label>
    ${refusal ? html`<p class="problem" role="alert">${refusal}</p>` : nothing}
    <button class="btn first">${t('login')}</button>
    <p class="quiet">${t('login.help')}</p>
  </form></main>`;
