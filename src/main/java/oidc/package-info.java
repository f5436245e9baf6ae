/** Tokens of an OpenID Connect issuer: its keys, and what they have signed. */
package oidc;
