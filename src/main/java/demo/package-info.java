/**
 * {@code pactor demo}: the product shown to a newcomer, in one command and less than a minute.
 *
 * <p>Seven short stories, one file each, are played by real parts: a coordinator in a process of
 * its own, and three banks, each with its HTTP endpoint, its H2 database and its barrier table.
 * Everything here speaks DTM's wire protocol over HTTP, as any application in any language would;
 * nothing is taken from the coordinator's packages. What the stories send and what the banks are
 * asked is printed as it happened, and each ending is checked.
 */
package demo;
