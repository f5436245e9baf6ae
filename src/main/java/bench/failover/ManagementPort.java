package bench.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a node tells of its cluster. Blocks, for a second at most. */
final class ManagementPort {

    private static final int WITHIN_MILLIS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String root;

    /**
     * The cluster as one node sees it; addresses are {@code host:port}.
     *
     * @param oldest empty if it has none
     */
    record View(Set<String> members, Set<String> up, Set<String> unreachable, String oldest) {

        static View of(JsonNode json) {
            Set<String> members = new HashSet<>();
            Set<String> up = new HashSet<>();
            Set<String> unreachable = new HashSet<>();
            for (JsonNode each : json.path("members")) {
                members.add(address(each.path("node")));
                if (each.path("status").asText().equals("Up")) {
                    up.add(address(each.path("node")));
                }
            }
            json.path("unreachable").forEach(each -> unreachable.add(address(each.path("node"))));
            return new View(members, up, unreachable, address(json.path("oldest")));
        }

        /** Of {@code pekko://pactor@host:port}. */
        private static String address(JsonNode node) {
            return node.asText("").replaceFirst(".*@", "");
        }
    }

    ManagementPort(int port) {
        this.root = "http://127.0.0.1:" + port;
    }

    /** Empty if it does not answer. */
    Optional<View> members() {
        return get("/cluster/members").map(View::of);
    }

    /** The shards that this node has; none if it does not answer. */
    Set<String> shards() {
        Set<String> shards = new HashSet<>();
        get("/cluster/shards/transaction").ifPresent(json -> json.path("regions")
            .forEach(each -> shards.add(each.path("shardId").asText())));
        return shards;
    }

    private Optional<JsonNode> get(String path) {
        try {
            var connection = (HttpURLConnection) URI.create(root + path).toURL().openConnection();
            connection.setConnectTimeout(WITHIN_MILLIS);
            connection.setReadTimeout(WITHIN_MILLIS);
            if (connection.getResponseCode() != 200) {
                return Optional.empty();
            }
            try (InputStream body = connection.getInputStream()) {
                return Optional.ofNullable(JSON.readTree(body));
            }
        } catch (IOException none) {
            return Optional.empty();
        }
    }
}
