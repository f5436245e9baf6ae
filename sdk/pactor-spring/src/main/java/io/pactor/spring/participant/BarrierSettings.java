package io.pactor.spring.participant;

/**
 * How participants keep their barrier.
 *
 * @param table            the barrier's table, with a schema if it is not the connection's; the
 *                         replies are in the table beside it, whose name ends in {@code _reply}
 * @param initializeSchema when both are made, as soon as a participant of that database is found
 */
public record BarrierSettings(String table, SchemaMode initializeSchema) {

    /** What DTM's clients for Java, Node and PHP use. */
    public static final String DEFAULT_TABLE = "barrier";

    /** As {@code spring.sql.init.mode}. */
    public enum SchemaMode {
        /** The tables are there: by Flyway, Liquibase, or hand. */
        NEVER,
        /** In a database in memory only, unless the application has Flyway or Liquibase. */
        EMBEDDED,
        /** In each database; the account must be allowed to create tables. */
        ALWAYS
    }
}
