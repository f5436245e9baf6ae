/**
 * The command line of the runnable jar, a class for each command, how the process ends, and its
 * log.
 */
package pactor.cli;
