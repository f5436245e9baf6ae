package store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.CallTokens;

/** All nodes over one database know the same secrets. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class SecretTableTest {

    @TempDir
    Path dir;

    @Parameter
    String kind;

    @Test
    void theKeyOfTheTokensStaysWhatItIs() {
        Place place = Place.fresh(kind, dir);
        byte[] first;
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            first = database.callKey();
        }
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            assertArrayEquals(first, database.callKey());
        }
        assertEquals(CallTokens.KEY_BYTES, first.length);
        assertFalse(Arrays.equals(first, new byte[CallTokens.KEY_BYTES]), "it is random");
    }

    /** Whoever comes second takes what is there. */
    @Test
    void ofSeveralWhoAskAtOnceAllGetTheSame() throws SQLException {
        Place place = Place.fresh(kind, dir);
        Database.open(place.settings(), H2Files.meter()).close();
        Dialect dialect = Dialect.of(place.settings());
        try (Connection keepsItAlive = place.connect()) {
            List<CompletableFuture<byte[]>> asked = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try (Connection connection = place.connect()) {
                        return SecretTable.get(connection, dialect, "another", 32);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                })).toList();
            byte[] one = asked.get(0).join();
            asked.forEach(each -> assertArrayEquals(one, each.join()));
            assertFalse(keepsItAlive.isClosed());
        }
    }
}
