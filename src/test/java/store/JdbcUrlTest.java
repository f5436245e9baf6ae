package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pactor.settings.Secret;

/** A password in the url of a database shows nowhere, wherever it stands and whatever is in it. */
class JdbcUrlTest {

    /** What a driver finds at that port: nobody. */
    private static final String NOBODY = "127.0.0.1:1";

    @ParameterizedTest
    @ValueSource(strings = {
        "jdbc:postgresql://me:canary@127.0.0.1:1/db",
        "jdbc:postgresql://me:can@canary@127.0.0.1:1/db",
        "jdbc:postgresql://me:x/canary@127.0.0.1:1/db",
        "jdbc:postgresql://me:x?canary@127.0.0.1:1/db",
        "jdbc:postgresql://me:1?canary@127.0.0.1:1/db",
        "jdbc:mariadb://me:x;canary@127.0.0.1:1/db",
        "jdbc:mariadb://me:x#canary@127.0.0.1:1/db",
        "jdbc:mariadb://canary@127.0.0.1:1/db",
        "jdbc:mysql://me:canary@127.0.0.1:1,127.0.0.1:2/db",
        "jdbc:mariadb:sequential://me:canary@127.0.0.1:1,127.0.0.1:2/db",
        "jdbc:postgresql://127.0.0.1:1/db?password=canary",
        "jdbc:postgresql://127.0.0.1:1/db?user=me&password=can%40canary&ssl=false",
        "jdbc:postgresql://127.0.0.1:1,127.0.0.1:2/db?sslpassword=canary",
        "jdbc:postgresql://127.0.0.1:nonsense/db?password=canary",
        "jdbc:postgresql://127.0.0.1:99999/db?password=canary",
        "jdbc:mariadb://127.0.0.1:1/db?user=me&password=canary",
        "jdbc:mariadb://address=(host=127.0.0.1)(port=1)(password=canary)/db",
        "jdbc:mariadb://127.0.0.1:1/db?keyStorePassword=canary",
        "jdbc:h2:file:./none;PASSWORD=canary",
        "jdbc:h2:tcp://me:canary@127.0.0.1:1/db",
        "jdbc:oracle:thin:me/x@//127.0.0.1:1/db?password=canary",
    })
    void it_shows_in_no_message(String url) {
        StoreSettings settings = StoreSettings.at(url).within(new StoreSettings.Timeouts(
            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO));

        assertSilent(settings.toString());
        StoreException opening = assertThrows(StoreException.class,
            () -> Database.open(settings, H2Files.meter()).close());
        StoreException looking = assertThrows(StoreException.class,
            () -> Inspection.open(settings).close());
        for (Throwable each = opening; each != null; each = each.getCause()) {
            assertSilent(each.toString());
        }
        for (Throwable each = looking; each != null; each = each.getCause()) {
            assertSilent(each.toString());
        }
        // A name alone before the host is no password, and is printed.
        assertSilent(Secret.url(url).toString().replace("//canary@", "//"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "jdbc:postgresql://h:5432/db?a=b      | jdbc:postgresql://h:5432/db",
        "jdbc:postgresql://[::1]:5432/db      | jdbc:postgresql://[::1]:5432/db",
        "jdbc:postgresql://a:1,b:2/db?x=p@q   | jdbc:postgresql://a:1,b:2/db",
        "jdbc:postgresql://me:secret@h:1/db   | jdbc:postgresql://h:1/db",
        "jdbc:h2:file:./data/me@home;A=1      | jdbc:h2:file:./data/me@home",
    })
    void the_place_shows(String url, String shown) {
        assertEquals(shown, JdbcUrl.shown(url));
    }

    @Test
    void user_and_password_before_the_host_are_refused_with_the_settings_for_them() {
        String refusal = assertThrows(StoreException.class, () -> Dialect.of(
            StoreSettings.at("jdbc:postgresql://me:canary@" + NOBODY + "/db"))).getMessage();

        assertTrue(refusal.contains("pactor.store.user"), refusal);
        assertTrue(refusal.contains(NOBODY), refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "https://h:8080/a, https://h:8080/a",
        "http://[::1]:80/a?x=1, http://[::1]:80/a?x=1",
        "'jdbc:postgresql://a:1,b:2/db', 'jdbc:postgresql://a:1,b:2/db'",
        "https://me:pass@h/x?token=t, https://me:***@h/x?token=***",
    })
    void what_is_no_secret_is_printed(String url, String printed) {
        assertEquals(printed, Secret.url(url).toString());
    }

    private static void assertSilent(String text) {
        assertFalse(text.contains("canary"), text);
    }
}
