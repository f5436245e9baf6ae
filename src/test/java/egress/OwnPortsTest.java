package egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import transaction.InvalidRequest;

@DisplayName("J-01: the coordinator's own ports")
class OwnPortsTest {

    private final List<InetAddress> asked = new ArrayList<>();
    private final OwnPorts own = new OwnPorts(Set.of(36_789, 36_790), address -> {
        asked.add(address);
        return address.equals(UrlTable.address("192.0.2.7"));
    });

    @Test
    void eachAddressOfThisMachineIsItsOwn() throws SocketException {
        assertTrue(own.test(UrlTable.address("127.0.0.1"), 36_789));
        assertTrue(own.test(UrlTable.address("127.1.2.3"), 36_790));
        assertTrue(own.test(UrlTable.address("::1"), 36_789));
        assertTrue(own.test(UrlTable.address("0.0.0.0"), 36_789));
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).forEach(
            each -> assertTrue(own.test(each, 36_789), each.toString()));
        assertFalse(own.test(UrlTable.address("127.0.0.1"), 8_080));
    }

    /** It tells and changes nothing, and examples need somebody who answers. */
    @Test
    void onlyItsPingIsCalled() {
        EgressGuard guard = new EgressGuard(
            () -> EgressRules.DEVELOPMENT, own, UnaryOperator.identity());
        String here = "http://127.0.0.1:36789";
        guard.requireUrl("url", here + "/api/ping");
        guard.requireUrl("url", here + "/api/ping?gid=g");
        for (String path : List.of("", "/", "/api/dtmsvr/forceStop", "/api/ping/",
                "/api/ping/../dtmsvr/forceStop", "/api/ping%2f..%2fdtmsvr/forceStop",
                "/api/health", "//api/ping", "/api/dtmsvr/forceStop?x=/api/ping")) {
            assertThrows(InvalidRequest.class, () -> guard.requireUrl("url", here + path), path);
        }
    }

    @Test
    void aPingIsCalledOnlyWhereItIsServed() {
        EgressGuard guard = new EgressGuard(() -> EgressRules.DEVELOPMENT, new OwnPorts(
            Set.of(36_789, 36_790), Set.of(36_789), address -> false), UnaryOperator.identity());

        guard.requireUrl("url", "http://127.0.0.1:36789/api/ping");
        guard.requireUrl("url", "http://127.0.0.1:9/api/ping");
        assertThrows(InvalidRequest.class,
            () -> guard.requireUrl("url", "http://127.0.0.1:36790/api/ping"));
        Destination ping = new Destination(Destination.HTTP, "127.0.0.1", 36_790, true);
        assertTrue(guard.refusal(ping, UrlTable.address("127.0.0.1")).isPresent());
    }

    @Test
    void anotherNodeIsToo() {
        assertTrue(own.test(UrlTable.address("192.0.2.7"), 36_789));
        assertFalse(own.test(UrlTable.address("192.0.2.7"), 8_080));
        assertFalse(own.test(UrlTable.address("192.0.2.8"), 36_789));
        assertEquals(2, asked.size(), "of another port nobody is asked");
    }
}
