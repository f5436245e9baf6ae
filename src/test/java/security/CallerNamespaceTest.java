package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;

/** The namespace stands before the role, for each way in which a caller is known. */
class CallerNamespaceTest {

    @ParameterizedTest
    @CsvSource({"client, default, false", "orders/client, orders, false",
        "orders/client:a/b*, orders, false", "client:a/b*, default, false",
        "*/operator, default, true", "admin, default, true", "orders/admin, orders, false",
        "default/admin, default, false"})
    void aGrantNamesIt(String grant, String namespace, boolean mayName) {
        Caller caller = Caller.granted("somebody", grant);

        assertEquals(namespace, caller.namespace());
        assertEquals(mayName, caller.mayName());
        assertEquals(mayName, caller.in("other").isPresent());
        assertEquals(Optional.of(caller), caller.in(""));
        assertEquals(Optional.of(caller), caller.in(namespace));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/client", "a b/client", "orders/metrics", "*/metrics", "a/b/client",
        "orders/", "*x/client"})
    void whatNamesNoneIsRefused(String grant) {
        assertThrows(IllegalArgumentException.class, () -> Caller.granted("somebody", grant));
    }

    @Test
    void aNameHasItsBound() {
        String most = "n".repeat(Limits.NAMESPACE_CHARS);
        assertEquals(most, Caller.granted("x", most + "/client").namespace());
        assertThrows(IllegalArgumentException.class,
            () -> Caller.granted("x", most + "n/client"));
        assertTrue(Caller.granted("x", "admin").in(most).isPresent());
        assertFalse(Caller.granted("x", "admin").in(most + "n").isPresent());
    }

    @Test
    void tokensClaimsAndAddressesHaveOne() {
        Identities all = Identities.of(List.of(
            "* orders/client claim:orders-team", "* stock/viewer claim:stock-team"));
        Caller known = all.ofClaims("ann", List.of("stock-team"));
        assertEquals("ann (stock/viewer)", known.toString());
        assertEquals("orders", AddressRule.of("grpc 10.0.3.0/24 tls orders/client:legacy-*")
            .caller().orElseThrow().namespace());
    }
}
