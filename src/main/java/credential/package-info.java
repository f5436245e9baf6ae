/**
 * What this coordinator shows participants so that they let it in: who gets which header, token or
 * certificate, read from files and kept up to date.
 */
package credential;
