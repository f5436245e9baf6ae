package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of tables and of databases. */
class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a;drop table x", "a'", "\"a\"", "a-b", "1a", "a.",
        ".a", "a..b", "a.b.c.d", "\u00e9", "a\n", "a--", "s.1a",
        "a23456789_123456789_123456789_123456789_123456789",
        "a23456789_123456789_123456789_123456789_123456789.b"})
    void whatCouldBeMoreThanANameIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> JdbcBarrier.builder().table(name));
        assertThrows(IllegalArgumentException.class,
            () -> BarrierSchema.script(Dialect.H2, name));
    }

    @ParameterizedTest
    @CsvSource({"barrier,barrier", "dtm_barrier.barrier,barrier", "db.dbo.Barrier2,Barrier2",
        "_a,_a", "a23456789_123456789_123456789_123456789_12345678,"
        + "a23456789_123456789_123456789_123456789_12345678"})
    void aNameMayHaveASchema(String name, String simple) {
        TableName table = new TableName(name);
        assertEquals(simple, table.simple());
        assertEquals(name + "_reply", table.replies());
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aScriptBearsTheNames(Dialect dialect) {
        String script = BarrierSchema.script(dialect);
        assertTrue(script.contains(" barrier (") && script.contains(" barrier_reply ("), script);
        String other = BarrierSchema.script(dialect, "app.guard");
        assertTrue(other.contains(" app.guard (") && other.contains(" app.guard_reply (")
            && other.contains(" uniq_guard "), other);
        assertFalse(other.contains("uniq_app"), other);
        assertTrue(other.contains("barrier_id"), other);
    }

    @ParameterizedTest
    @CsvSource({"PostgreSQL,POSTGRESQL", "MySQL,MYSQL", "MariaDB,MYSQL", "H2,H2", "Oracle,ORACLE",
        "Microsoft SQL Server,SQL_SERVER"})
    void aDatabaseIsKnownByTheNameOfItsProduct(String product, Dialect dialect)
            throws SQLException {
        assertEquals(dialect, Dialect.of(connectionTo(product)));
    }

    @Test
    void anUnknownDatabaseIsSaidByName() {
        String said = assertThrows(IllegalStateException.class,
            () -> Dialect.of(connectionTo("HSQL Database Engine"))).getMessage();
        assertTrue(said.contains("HSQL Database Engine") && said.contains("POSTGRESQL"), said);
    }

    private static Connection connectionTo(String product) {
        DatabaseMetaData data = (DatabaseMetaData) Proxy.newProxyInstance(
            NamesTest.class.getClassLoader(), new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, arguments) -> product);
        return (Connection) Proxy.newProxyInstance(NamesTest.class.getClassLoader(),
            new Class<?>[] {Connection.class}, (proxy, method, arguments) -> data);
    }
}
