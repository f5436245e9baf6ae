package io.pactor.spring.participant;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.JdbcBarrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The barriers of the application, one for each of its databases. Any thread. */
public final class Barriers {

    private static final List<String> IN_MEMORY =
        List.of("jdbc:h2:mem:", "jdbc:hsqldb:mem:", "jdbc:derby:memory:");

    /** PostgreSQL and the standard; H2. */
    private static final Set<String> READ_ONLY_STATES = Set.of("25006", "90097");

    /** MariaDB and MySQL: the server, or the transaction, is read-only; the server is super so. */
    private static final Set<Integer> READ_ONLY_CODES = Set.of(1290, 1792, 1836);

    private static final Log LOG = LogFactory.getLog(Barriers.class);

    private final BarrierSettings settings;
    private final Map<DataSource, BoundBarrier> known = new ConcurrentHashMap<>();

    public Barriers(BarrierSettings settings) {
        this.settings = settings;
    }

    /**
     * The barrier of a database. The first time, its tables are made where the settings say so,
     * with a connection of its own.
     *
     * @param dataSource of a transaction manager, or a {@link TransactionAwareDataSourceProxy} of
     *                   it: managers bind the connections of what is behind that one
     * @throws IllegalStateException if they cannot be made
     */
    public BoundBarrier of(DataSource dataSource) {
        DataSource bound = dataSource;
        while (bound instanceof TransactionAwareDataSourceProxy proxy
                && proxy.getTargetDataSource() != null) {
            bound = proxy.getTargetDataSource();
        }
        return known.computeIfAbsent(bound, this::made);
    }

    /**
     * Makes the tables of a database as {@link #of} does, unless it only reads, as a replica does:
     * no message is sent and no participant runs there.
     *
     * @throws IllegalStateException if they cannot be made for another reason
     */
    public void prepare(DataSource dataSource) {
        try {
            of(dataSource);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof SQLException cause) || !isReadOnly(cause)) {
                throw e;
            }
            LOG.info("No barrier is made in " + dataSource + ", which only reads: "
                + cause.getMessage());
        }
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

    private static boolean isReadOnly(SQLException e) {
        return READ_ONLY_STATES.contains(String.valueOf(e.getSQLState()))
            || READ_ONLY_CODES.contains(e.getErrorCode());
    }

    private static boolean isInMemory(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return url != null && IN_MEMORY.stream().anyMatch(url::startsWith);
    }
}
