/**
 * The operator's commands: they ask a running server over {@code /api/v1}, and show what it says.
 * They need the JDK, picocli, Jackson's parser and the readers of certificates alone, so that they
 * start quickly.
 */
package pactor.cli.operator;
