/** Encryption of what is kept: keys, where they come from, and what they do. */
package encryption;
