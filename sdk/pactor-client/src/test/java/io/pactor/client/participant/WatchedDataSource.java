package io.pactor.client.participant;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * A data source that remembers what was asked of its connections, and can fail at a method of them.
 * For one thread at a time.
 */
final class WatchedDataSource {

    /** The statements that were sent to the database, in their order; commits are none. */
    final List<String> statements = new ArrayList<>();

    /**
     * What was called on connections that changes them: commit, rollback, abort, close and so on.
     */
    final List<String> calls = new ArrayList<>();

    private final DataSource real;
    private String failing = "";
    private boolean isDoneFirst;

    WatchedDataSource(DataSource real) {
        this.real = real;
    }

    /** From now on that method of a connection fails, without having done anything. */
    WatchedDataSource failingAt(String method) {
        failing = method;
        isDoneFirst = false;
        return this;
    }

    /** From now on that method of a connection does what it should, and fails then. */
    WatchedDataSource failingAfter(String method) {
        failing = method;
        isDoneFirst = true;
        return this;
    }

    DataSource asDataSource() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            String name = method.getName();
            boolean changes = name.startsWith("set") || name.equals("commit")
                || name.equals("rollback") || name.equals("abort") || name.equals("close");
            if (changes) {
                calls.add(name + (name.startsWith("set") ? " " + arguments[0] : ""));
            }
            if (name.equals(failing) && !isDoneFirst) {
                throw new SQLException("failing at " + name, "08006");
            }
            Object result = invoke(connection, method, arguments);
            if (name.equals(failing)) {
                throw new SQLException("failing after " + name, "08006");
            }
            if (result instanceof PreparedStatement statement) {
                return watched(PreparedStatement.class, statement, (String) arguments[0]);
            }
            return result instanceof Statement statement
                ? watched(Statement.class, statement, "") : result;
        });
    }

    private <T extends Statement> T watched(Class<T> type, T statement, String sql) {
        return proxy(type, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                statements.add(arguments == null ? sql : (String) arguments[0]);
            }
            return invoke(statement, method, arguments);
        });
    }

    private static Object invoke(Object target, Method method,
            Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            handler));
    }
}
