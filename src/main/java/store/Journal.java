package store;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import scala.Function1;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/**
 * The JDBC journal plugin over {@link JournalDao}. It differs in one thing: a history is handed
 * over as it is read. The plugin makes a stream for each, an actor included, which was a good part
 * of what waking a transaction cost.
 */
public final class Journal extends JdbcAsyncWriteJournal {

    /** As Pekko makes it. */
    public Journal(Config config) {
        super(config);
    }

    @Override
    public Future<BoxedUnit> asyncReplayMessages(String persistenceId, long fromSequenceNr,
            long toSequenceNr, long max, Function1<PersistentRepr, BoxedUnit> recovered) {
        return FutureConverters.asScala(((JournalDao) journalDao())
            .replay(persistenceId, fromSequenceNr, toSequenceNr, recovered::apply)
            .thenApply(done -> BoxedUnit.UNIT));
    }
}
