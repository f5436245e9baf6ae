package store;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.MVStoreTool;
import org.h2.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.H2Check.Found;

/**
 * What {@link H2Check} found in a file, and what becomes of it. A file that has gone back is not
 * opened. Damaged pages that hold rows of the journal or of the index are kept from being read:
 * what needs them fails, and nothing else. An index that is damaged is made anew from its table.
 * All other damage refuses the file.
 */
final class H2Damage {

    static final H2Damage NONE = new H2Damage("", null);

    /** The setting that consents to a file that has gone back. */
    static final String CONSENT = "pactor.store.accept-older-version";

    /** In the name of a file that was put aside; the version it had and the newest follow. */
    private static final String LOST = ".lost-";

    private static final Logger LOG = LoggerFactory.getLogger(H2Damage.class);

    /** H2's map of all that was created. */
    private static final String CATALOGUE = "table.0";

    private static final String JOURNAL = "PACTOR_JOURNAL";
    private static final String TRANSACTIONS = "PACTOR_TRANSACTION";

    /** What cannot be added to or read there is left out. */
    private static final String ATTEMPTS = "PACTOR_ATTEMPT";

    private final String file;
    private final Found found;

    private H2Damage(String file, Found found) {
        this.file = file;
        this.found = found;
    }

    /**
     * Looks. If the file has gone back and its version is the accepted one, a copy of it as of that
     * version takes its place, and the file is kept beside it. Blocks.
     *
     * @param name of the file as H2 takes it, with the scheme of {@link H2File}
     * @throws StoreException if the file has gone back, or is damaged so that it cannot be used;
     *     nothing was changed
     */
    static H2Damage look(String name, StoreSettings settings) {
        Optional<Found> found = H2Check.look(name);
        if (found.isEmpty()) {
            return NONE;
        }
        H2Damage damage = new H2Damage(name, found.get());
        if (!found.get().isOlder()) {
            if (found.get().damage().stream().anyMatch(H2Damage::isFatal)) {
                throw damage.refused(Map.of());
            }
            return damage;
        }
        return damage.goOn(settings);
    }

    private H2Damage goOn(StoreSettings settings) {
        String opened = Long.toHexString(found.opened());
        String newest = Long.toHexString(found.newest());
        Path path = Inspection.file(settings).orElseThrow();
        Optional<Path> used = lostBefore(path, opened);
        if (!opened.equals(settings.acceptedVersion()) || used.isPresent()) {
            throw new StoreException("the store has gone back: commit " + newest
                + " was confirmed, and the newest that the file still has is " + opened
                + "; what was acknowledged after it is missing. The file was left as it is. Restore"
                + " a backup, or, to go on without what is missing, start with " + CONSENT + "="
                + opened + used.map(aside -> ", after moving away " + aside
                    + ", which an earlier start with it left").orElse("")
                + ": " + settings.shownUrl());
        }
        Path aside = path.resolveSibling(path.getFileName() + LOST + opened + "-" + newest);
        Path copy = path.resolveSibling(aside.getFileName() + ".copy");
        try {
            keep(path, copy);
            // Chunks of the lost versions must not be found again, so they are not taken along.
            MVStoreTool.compact(file, false);
            PrivateFiles.makePrivate(path);
            Files.move(copy, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | MVStoreException e) {
            throw new StoreException("the file could not be kept as " + aside
                + ", and made anew without what is missing: " + e, e);
        }
        LOG.error("the store has gone back from commit {} to {}, and goes on from there, as {}"
            + " says: what was acknowledged in between is lost. The file as it was is {}",
            newest, opened, CONSENT, aside);
        return look(file, settings);
    }

    /** Whatever it is, H2 or the tables that it knows cannot be had without it. */
    private static boolean isFatal(H2Check.Page page) {
        return !page.isLeaf() || page.map().equals(CATALOGUE)
            || !page.map().startsWith("table.") && !page.map().startsWith("index.");
    }

    /** The file that an earlier start with the same consent has put aside, when it was through. */
    private static Optional<Path> lostBefore(Path file, String opened) {
        String asides = file.getFileName() + LOST + opened + "-";
        try (Stream<Path> all = Files.list(file.toAbsolutePath().getParent())) {
            return all.filter(each -> each.getFileName().toString().startsWith(asides))
                .filter(each -> !each.toString().endsWith(".copy")).findFirst();
        } catch (IOException e) {
            throw new StoreException("the files beside the store cannot be read: " + e, e);
        }
    }

    private static void keep(Path file, Path copy) throws IOException {
        try (FileChannel into = PrivateFiles.open(copy, Set.of(StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            Files.copy(file, Channels.newOutputStream(into));
            into.force(true);
        }
    }

    boolean isNone() {
        return found == null || found.ranges().isEmpty() && found.damage().isEmpty();
    }

    /** In one line; empty for nothing. Changes nothing. */
    String told(Connection connection) throws SQLException {
        return isNone() ? "" : "the file is damaged: " + pages(namesOf(connection));
    }

    /**
     * To be called on the first connection.
     *
     * @throws StoreException if nobody could work with what is left
     */
    void refuseOrRepair(Connection connection, Dialect dialect) throws SQLException {
        if (isNone()) {
            return;
        }
        Map<String, Place> names = namesOf(connection);
        Set<String> indexes = new TreeSet<>();
        boolean rowsMissing = false;
        for (H2Check.Page page : found.damage()) {
            Place place = names.get(page.map());
            boolean isOurs = place != null
                && Set.of(JOURNAL, TRANSACTIONS, ATTEMPTS).contains(place.table);
            if (isOurs && place.table.equals(TRANSACTIONS) && !place.index.isEmpty()
                    && page.isLeaf()) {
                indexes.add(place.index);
            } else if (!isOurs || !page.isLeaf() || page.isLast()) {
                throw refused(names);
            }
            rowsMissing |= isOurs && place.table.equals(TRANSACTIONS) && place.index.isEmpty();
        }
        if (rowsMissing && !indexes.isEmpty()) {
            throw refused(names);
        }
        H2File.refuseToRead(file, found.ranges());
        for (String index : indexes) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP INDEX " + index);
            }
        }
        Schema.makeIndexes(connection, dialect);
        if (found.damage().isEmpty()) {
            LOG.warn("the file of the store is damaged, in places where nothing that is in use"
                + " lies; it is not made smaller as long as it is so. Suspect the disk");
            return;
        }
        LOG.error("the file of the store is damaged: {}. Transactions that need them cannot be"
            + " read, and go into quarantine; the others go on. Indexes made anew: {}. The file is"
            + " not made smaller as long as it is so. Copy it, and restore a backup soon",
            pages(names), indexes.isEmpty() ? "none" : indexes);
    }

    private StoreException refused(Map<String, Place> names) {
        return new StoreException("the store is damaged, in places without which nothing can be"
            + " written, and was left as it is; restore a backup. Damaged: " + pages(names) + ": "
            + file.split(":", 2)[1]);
    }

    /** How many are damaged of what. */
    private String pages(Map<String, Place> names) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (H2Check.Page page : found.damage()) {
            Place place = names.get(page.map());
            counts.merge(place == null ? page.map() : place.toString(), 1, Integer::sum);
        }
        return counts.isEmpty() ? "no page in use"
            : counts.entrySet().stream().map(each -> each.getValue()
                + (each.getValue() == 1 ? " page of " : " pages of ") + each.getKey())
                .collect(Collectors.joining(", "));
    }

    /** @param index empty for the rows themselves */
    private record Place(String table, String index) {

        @Override
        public String toString() {
            return index.isEmpty() ? table : index + " (an index of " + table + ")";
        }
    }

    /** By H2's names of its maps. */
    private static Map<String, Place> namesOf(Connection connection) throws SQLException {
        SessionLocal session =
            (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        Map<String, Place> names = new HashMap<>();
        for (Table table : session.getDatabase().getAllTablesAndViews()) {
            names.put("table." + table.getId(), new Place(table.getName(), ""));
            Collection<Index> indexes =
                table.getIndexes() == null ? List.of() : table.getIndexes();
            for (Index index : indexes) {
                names.putIfAbsent("index." + index.getId(),
                    new Place(table.getName(), index.getName()));
            }
        }
        return names;
    }
}
