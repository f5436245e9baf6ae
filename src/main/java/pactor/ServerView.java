package pactor;

import audit.Row;
import com.typesafe.config.Config;
import http.ClusterView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import pactor.settings.Effective;
import store.AuditReader;
import store.Database;

/** What a server shows of its nodes, its settings and its audit log. */
final class ServerView implements ClusterView {

    private final ActorSystem<?> system;
    private final Map<String, String> settings;
    private final Database database;

    ServerView(ActorSystem<?> system, Config config, Database database) {
        this.system = system;
        this.settings = Effective.shown(config);
        this.database = database;
    }

    @Override
    public List<Node> nodes() {
        Cluster cluster = Cluster.get(system);
        String self = cluster.selfMember().address().toString();
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .map(member -> node(member, self)).sorted(Comparator.comparing(Node::address))
            .toList();
    }

    private Node node(Member member, String self) {
        String address = member.address().toString();
        return new Node(address, member.status().toString().toLowerCase(Locale.ROOT),
            address.equals(self) ? Instant.ofEpochMilli(system.startTime()) : null,
            address.equals(self));
    }

    /** As they were at the start. */
    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public CompletionStage<List<Row>> audit(long before, int limit) {
        return AuditReader.newest(database, before, limit);
    }
}
