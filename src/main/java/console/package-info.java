/** The console's page and the files that it is made of, from the jar. Imports the JDK only. */
package console;
