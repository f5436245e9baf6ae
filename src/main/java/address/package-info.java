/** IP addresses, and ranges of them, as people write them. */
package address;
