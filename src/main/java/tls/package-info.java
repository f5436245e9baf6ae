/** Certificates and keys from PEM files, followed as they change, and what TLS is allowed to be. */
package tls;
