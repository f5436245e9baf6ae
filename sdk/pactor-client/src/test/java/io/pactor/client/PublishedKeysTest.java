package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.UnverifiedCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Published keys are found when they are needed, kept, and let go of. */
class PublishedKeysTest {

    private final Signing one = Signing.withNewKey();
    private final Signing two = Signing.withNewKey();
    private final AtomicLong nanos = new AtomicLong();
    private final List<Node> nodes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** Publishes keys as a coordinator does. */
    private static final class Node {

        private final HttpServer server;
        private final CountDownLatch open;
        private volatile int status = 200;
        private volatile String body = "{\"keys\":[]}";
        private volatile int asked;

        Node(CountDownLatch open) throws IOException {
            this.open = open;
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(PublishedKeys.PATH, exchange -> {
                asked++;
                try {
                    open.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }
    }

    private Node node(Signing... keys) throws IOException {
        return node(new CountDownLatch(0), keys);
    }

    private Node node(CountDownLatch open, Signing... keys) throws IOException {
        Node node = new Node(open);
        node.body = Signing.set(keys);
        nodes.add(node);
        return node;
    }

    private PublishedKeys keys(Node... of) {
        return new PublishedKeys(Map.of(), List.of(of).stream().map(Node::url).toList(), http,
            nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos() + 1);
    }

    @AfterEach
    void stop() {
        nodes.forEach(each -> each.server.stop(0));
    }

    @Test
    void theyAreReadOnceAndKept() throws IOException {
        Node node = node(one);
        PublishedKeys keys = keys(node);
        assertEquals(0, node.asked);
        assertNotNull(keys.find(one.id));
        keys.find(one.id);
        assertEquals(1, node.asked);
    }

    /** The new key is published before it signs, but nobody has to have read it before. */
    @Test
    void aNewKeyIsFoundWhenItIsFirstUsed() throws IOException {
        Node node = node(one);
        PublishedKeys keys = keys(node);
        keys.find(one.id);
        node.body = Signing.set(one, two);
        pass(PublishedKeys.PAUSE);
        assertNotNull(keys.find(two.id));
        assertNotNull(keys.find(one.id));
        assertEquals(2, node.asked);
    }

    @Test
    void strangersCannotHaveThemReadAllTheTime() throws IOException {
        Node node = node(one);
        PublishedKeys keys = keys(node);
        for (int i = 0; i < 50; i++) {
            String id = "stranger" + i;
            assertFalse(assertThrows(UnverifiedCall.class, () -> keys.find(id)).isTemporary());
        }
        assertEquals(1, node.asked);
        pass(PublishedKeys.PAUSE);
        assertThrows(UnverifiedCall.class, () -> keys.find("stranger"));
        assertEquals(2, node.asked);
    }

    @Test
    void whatIsPublishedNoMoreIsTrustedNoMore() throws IOException {
        Node node = node(one, two);
        PublishedKeys keys = keys(node);
        keys.find(one.id);
        node.body = Signing.set(two);
        keys.find(one.id);
        pass(PublishedKeys.FRESH);
        assertThrows(UnverifiedCall.class, () -> keys.find(one.id));
        assertNotNull(keys.find(two.id));
    }

    @Test
    void theKeysOfAllNodesCount() throws IOException {
        PublishedKeys keys = keys(node(one), node(two));
        assertNotNull(keys.find(one.id));
        assertNotNull(keys.find(two.id));
    }

    /** For an hour, since it may be the node that calls which cannot be reached. */
    @Test
    void aNodeThatCannotBeReadKeepsItsKeysForAWhile() throws IOException {
        Node node = node(one);
        PublishedKeys keys = keys(node, node(two));
        keys.find(one.id);
        node.status = 500;
        pass(PublishedKeys.FRESH);
        assertNotNull(keys.find(one.id));
        pass(PublishedKeys.KEPT);
        UnverifiedCall refused = assertThrows(UnverifiedCall.class, () -> keys.find(one.id));
        assertTrue(refused.isTemporary());
        assertTrue(refused.getMessage().contains("it answers 500"), refused.getMessage());
        assertNotNull(keys.find(two.id));
    }

    /** Nobody knows whether it is a coordinator's; it is for the coordinator to call again. */
    @Test
    void withoutAnAnswerNothingIsKnown() throws IOException {
        Node node = node(one);
        node.status = 404;
        PublishedKeys keys = keys(node);
        UnverifiedCall refused = assertThrows(UnverifiedCall.class, () -> keys.find(one.id));
        assertEquals(503, HttpAnswer.of(refused).status());
        node.status = 200;
        pass(PublishedKeys.PAUSE);
        assertNotNull(keys.find(one.id));
    }

    @Test
    void anAnswerThatIsTooLongOrNoSetIsNone() throws IOException {
        Node node = node();
        PublishedKeys keys = keys(node);
        for (String body : new String[] {"<html>", " ".repeat(PublishedKeys.BYTES_MAX + 1)}) {
            node.body = body;
            assertTrue(assertThrows(UnverifiedCall.class, () -> keys.find(one.id)).isTemporary());
            pass(PublishedKeys.PAUSE);
        }
        String set = Signing.set(one);
        node.body = set + " ".repeat(PublishedKeys.BYTES_MAX - set.length());
        assertNotNull(keys.find(one.id));
    }

    /** Many calls that come before the keys are there wait for one and the same read. */
    @Test
    void manyThatAskAtOnceReadOnce() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Node node = node(open, one);
        PublishedKeys keys = keys(node);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(CompletableFuture.supplyAsync(() -> keys.find(one.id), threads));
            }
            open.countDown();
            for (CompletableFuture<?> each : all) {
                assertNotNull(each.get(20, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, node.asked);
    }

    @Test
    void keysThatAreGivenNeedNobody() {
        PublishedKeys keys = new PublishedKeys(Ed25519.set(Signing.set(one)), List.of(), null,
            nanos::get);
        assertNotNull(keys.find(one.id));
        assertFalse(assertThrows(UnverifiedCall.class, () -> keys.find(two.id)).isTemporary());
    }
}
