package store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.scaladsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import store.BegunReplays.Begun;
import transaction.Entry;
import transaction.Event;

/**
 * The journal as Pekko sees it: a {@code dao} of the JDBC journal plugin that uses nothing of
 * Slick. Journal rows and index rows are one database transaction, many transactions are one
 * commit.
 *
 * <p>It keeps {@link Entry}s of global transactions and nothing else, and never deletes any. A
 * history that cannot be trusted does not fail the replay, which would only be tried again: it ends
 * in {@link Event.Quarantined}, so that the transaction itself can say so.
 */
public final class JournalDao implements org.apache.pekko.persistence.jdbc.journal.dao.JournalDao {

    /** Where this journal is configured: what a persistent actor names as its journal. */
    public static final String PLUGIN_ID = "pactor-journal";

    /** What the persistence id of a transaction starts with; its gid is the rest. */
    public static final String PREFIX = "transaction|";

    /** One writer for Pekko's filter, whoever wrote it: the primary key keeps two writers apart. */
    private static final String WRITER = "pactor";

    private static final Seq<Try<BoxedUnit>> ALL_WRITTEN =
        CollectionConverters.asScala(List.<Try<BoxedUnit>>of()).toSeq();

    private static final Logger LOG = LoggerFactory.getLogger(JournalDao.class);

    private final Database database;

    /** As the plugin wants it. The database is the one that was installed in {@link Stores}. */
    public JournalDao(JdbcBackend.JdbcDatabaseDef unused, JdbcProfile profile, JournalConfig config,
            Serialization serialization, ExecutionContext executor, Materializer materializer) {
        this.database = Stores.of(serialization.system()).database();
    }

    public static String persistenceIdOf(String gid) {
        return PREFIX + gid;
    }

    /** @throws IllegalArgumentException if it is no transaction's */
    public static String gidOf(String persistenceId) {
        if (!persistenceId.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                "this journal keeps global transactions only, not " + persistenceId);
        }
        return persistenceId.substring(PREFIX.length());
    }

    @Override
    public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
        List<Entry> entries = new ArrayList<>(1);
        String persistenceId = messages.head().persistenceId();
        for (AtomicWrite write : CollectionConverters.asJava(messages)) {
            for (PersistentRepr message : CollectionConverters.asJava(write.payload())) {
                entries.add((Entry) message.payload());
            }
        }
        Append append = encoded(
            gidOf(persistenceId), messages.head().lowestSequenceNr(), entries);
        return FutureConverters.asScala(
            database.write(append).thenApply(written -> ALL_WRITTEN));
    }

    /** What the writer cannot write it says itself; this is what never gets so far. */
    private Append encoded(String gid, long first, List<Entry> entries) {
        try {
            return Append.of(gid, first, entries, database.cipher().current().orElse(null));
        } catch (RuntimeException wrong) {
            LOG.error("gid={} what it has decided cannot be written: {}", gid, wrong.toString());
            throw wrong;
        }
    }

    /** Reads the first page of the history too, which is what will be asked for next. */
    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
        String gid = gidOf(persistenceId);
        Begun weighed = database.begun().take(gid);
        if (weighed != null) {
            return FutureConverters.asScala(
                CompletableFuture.completedFuture(kept(gid, weighed)));
        }
        Replay replay = database.replay(gid);
        return FutureConverters.asScala(database.read(replay::next).<Object>thenApply(
            page -> kept(gid, new Begun(replay, page))));
    }

    private Object kept(String gid, Begun read) {
        if (read.replay().to() > 0) {
            database.begun().put(gid, read);
        }
        return read.replay().to();
    }

    /** Refused: the history of a transaction is never cut. */
    @Override
    public Future<BoxedUnit> delete(String persistenceId, long toSequenceNr) {
        return FutureConverters.asScala(CompletableFuture.failedFuture(
            new UnsupportedOperationException("events are never deleted")));
    }

    /** Refused: {@link Journal} reads with {@link #replay}. */
    @Override
    public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messages(
            String persistenceId, long fromSequenceNr, long toSequenceNr, long max) {
        throw new UnsupportedOperationException("a history is not read as a stream");
    }

    /** Refused: {@link Journal} reads with {@link #replay}. */
    @Override
    public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messagesWithBatch(
            String persistenceId, long fromSequenceNr, long toSequenceNr, int batchSize,
            Option<Tuple2<FiniteDuration, Scheduler>> refreshInterval) {
        throw new UnsupportedOperationException("a history is not read as a stream");
    }

    /**
     * Hands a history to {@code recovered}, entry by entry, on a thread of the store or of whoever
     * calls. Completes after the last; what cannot be trusted is told by a last entry that says so.
     */
    CompletionStage<Void> replay(
            String persistenceId, long from, long to, Consumer<PersistentRepr> recovered) {
        Begun read = database.begun().take(gidOf(persistenceId));
        return read != null && read.replay().is(from, to)
            ? handOver(persistenceId, read, recovered)
            : goOn(persistenceId, database.replay(gidOf(persistenceId), from, to), recovered);
    }

    private CompletionStage<Void> goOn(
            String persistenceId, Replay replay, Consumer<PersistentRepr> recovered) {
        return database.read(replay::next).thenCompose(
            page -> handOver(persistenceId, new Begun(replay, page), recovered));
    }

    private CompletionStage<Void> handOver(
            String persistenceId, Begun read, Consumer<PersistentRepr> recovered) {
        Replay.Page page = read.page();
        long ordinal = page.firstOrdinal();
        for (Entry entry : page.entries()) {
            recovered.accept(message(persistenceId, ordinal, entry));
            ordinal++;
        }
        if (page.broken() != null) {
            long last = Math.max(ordinal, read.replay().to());
            recovered.accept(message(persistenceId, last,
                new Entry(insteadOf(page, read.replay().stop()), null)));
        }
        return page.isLast() ? CompletableFuture.completedFuture(null)
            : goOn(persistenceId, read.replay(), recovered);
    }

    /** What stands for that which cannot be trusted. */
    private static List<Event> insteadOf(Replay.Page page, Replay.Stop stop) {
        boolean begun = page.firstOrdinal() > 1 || !page.entries().isEmpty();
        if (stop == null || !begun && stop.opened() == null) {
            return List.of(new Event.Quarantined(page.broken(), Instant.now()));
        }
        return begun ? List.of(stop.ended()) : List.of(stop.opened(), stop.ended());
    }

    private static PersistentRepr message(String persistenceId, long ordinal, Entry entry) {
        return PersistentRepr.apply(
            entry, ordinal, persistenceId, "", false, ActorRef.noSender(), WRITER);
    }
}
