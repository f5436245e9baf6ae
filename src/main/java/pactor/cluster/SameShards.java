package pactor.cluster;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps a node out of a cluster that spreads the transactions over another number of shards: one
 * transaction would be in two places. As Pekko makes it, for the class named in {@code
 * application.conf}.
 */
public final class SameShards extends JoinConfigCompatChecker {

    private static final String KEY = "pactor.coordinator.shards";

    @Override
    public Seq<String> requiredKeys() {
        return CollectionConverters.asScala(List.of(KEY)).toSeq();
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actual);
    }
}
