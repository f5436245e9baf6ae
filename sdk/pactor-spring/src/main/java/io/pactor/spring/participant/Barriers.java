package io.pactor.spring.participant;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.JdbcBarrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** The barriers of the application, one for each of its databases. Any thread. */
public final class Barriers {

    private static final List<String> IN_MEMORY =
        List.of("jdbc:h2:mem:", "jdbc:hsqldb:mem:", "jdbc:derby:memory:");

    private final BarrierSettings settings;
    private final Map<DataSource, BoundBarrier> known = new ConcurrentHashMap<>();

    public Barriers(BarrierSettings settings) {
        this.settings = settings;
    }

    /**
     * The barrier of a database. The first time, its tables are made where the settings say so,
     * with a connection of its own.
     *
     * @throws IllegalStateException if they cannot be made
     */
    public BoundBarrier of(DataSource dataSource) {
        return known.computeIfAbsent(dataSource, this::made);
    }

    private BoundBarrier made(DataSource dataSource) {
        if (settings.initializeSchema() != BarrierSettings.SchemaMode.NEVER) {
            initialize(dataSource);
        }
        return new BoundBarrier(dataSource,
            JdbcBarrier.builder().table(settings.table()).build());
    }

    private void initialize(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            if (settings.initializeSchema() == BarrierSettings.SchemaMode.ALWAYS
                    || isInMemory(connection)) {
                BarrierSchema.create(connection, settings.table());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                "the barrier's tables cannot be made in " + dataSource + ": " + e.getMessage(), e);
        }
    }

    private static boolean isInMemory(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return url != null && IN_MEMORY.stream().anyMatch(url::startsWith);
    }
}
