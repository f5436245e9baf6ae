/** HTTP Message Signatures (RFC 9421, Ed25519) on calls, and the keys that make them. */
package signature;
