package store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Reply;
import transaction.Topics;

/**
 * Topics, a row each. A change is made only if the row is still the one that was read, so that of
 * two changes at once the second is made again on what the first left (protocol section 1.10).
 */
public final class TopicTable implements Topics {

    /** Each time somebody else was faster, so with this many tries there is no end in sight. */
    private static final int ATTEMPTS = 100;

    static final String COLUMNS =
        "name, subscribers, version, created_at, updated_at, namespace";

    private static final String FIND =
        "SELECT " + COLUMNS + " FROM pactor_topic WHERE namespace = ? AND name = ?";

    private static final String NAMES = "SELECT name, CHAR_LENGTH(subscribers)"
        + " FROM pactor_topic WHERE namespace = ? AND name > ? ORDER BY name LIMIT ?";

    private static final String LIST = "SELECT " + COLUMNS
        + " FROM pactor_topic WHERE namespace = ? AND name > ? AND name <= ?"
        + " ORDER BY name LIMIT ?";

    private static final String INSERT =
        "INSERT INTO pactor_topic (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)";

    private static final String UPDATE = "UPDATE pactor_topic SET subscribers = ?, version = ?,"
        + " updated_at = ? WHERE namespace = ? AND name = ? AND version = ?";

    private static final String DELETE =
        "DELETE FROM pactor_topic WHERE namespace = ? AND name = ?";

    private static final JsonMapper JSON = EventCodec.MAPPER;
    private static final TypeReference<List<Map<String, String>>> SUBSCRIBERS =
        new TypeReference<>() {};

    private final Database database;
    private final Clock clock;
    private final String namespace;

    /** @param clock tells when a topic was changed */
    public TopicTable(Database database, Clock clock) {
        this(database, clock, Context.DEFAULT_NAMESPACE);
    }

    private TopicTable(Database database, Clock clock, String namespace) {
        this.database = database;
        this.clock = clock;
        this.namespace = namespace;
    }

    @Override
    public Topics in(String other) {
        return new TopicTable(database, clock, other);
    }

    @Override
    public CompletionStage<Reply> subscribe(String topic, String url, String remark) {
        Optional<String> wrong = wrongName(topic).or(() -> wrongUrl(url))
            .or(() -> tooLong("remark", remark, Limits.REMARK_CHARS));
        if (wrong.isPresent()) {
            return CompletableFuture.completedFuture(new Reply.Invalid(wrong.get()));
        }
        return change(topic, old -> {
            List<Subscriber> all = new ArrayList<>(
                old.map(Topic::subscribers).orElse(List.of()));
            require(all.stream().noneMatch(each -> each.url().equals(url)), "this url exists");
            require(all.size() < Limits.SUBSCRIBERS,
                "a topic has at most " + Limits.SUBSCRIBERS + " subscribers");
            all.add(new Subscriber(url, remark));
            return next(topic, old, all);
        });
    }

    @Override
    public CompletionStage<Reply> unsubscribe(String topic, String url) {
        Optional<String> wrong = wrongName(topic).or(() -> wrongUrl(url));
        if (wrong.isPresent()) {
            return CompletableFuture.completedFuture(new Reply.Invalid(wrong.get()));
        }
        return change(topic, old -> {
            require(old.isPresent(), "no such a topic");
            List<Subscriber> all = new ArrayList<>(old.get().subscribers());
            require(!all.isEmpty(), "this topic is empty");
            // DTM's words end in a blank.
            require(all.removeIf(each -> each.url().equals(url)), "no such an url ");
            return next(topic, old, all);
        });
    }

    @Override
    public CompletionStage<Reply> delete(String topic) {
        return database.change(Lane.DESK, connection -> {
            try (PreparedStatement delete = prepared(connection, DELETE)) {
                delete.setString(1, namespace);
                delete.setString(2, topic);
                return delete.executeUpdate() > 0 ? Reply.DONE
                    : new Reply.Missing("storage: NotFound");
            }
        });
    }

    @Override
    public CompletionStage<Optional<Topic>> find(String topic) {
        return database.read(connection -> find(connection, topic));
    }

    @Override
    public CompletionStage<Page> list(String after, int limit) {
        if (limit < 1 || limit > Limits.PAGE_ROWS) {
            throw new InvalidRequest(
                "limit must be between 1 and " + Limits.PAGE_ROWS + ": " + limit);
        }
        return database.read(Lane.DESK, connection -> {
            List<String> names = names(connection, after, limit);
            if (names.isEmpty()) {
                return new Page(List.of(), "");
            }
            String last = names.get(names.size() - 1);
            List<Topic> topics = new ArrayList<>();
            try (PreparedStatement select = prepared(connection, LIST)) {
                select.setString(1, namespace);
                select.setString(2, after);
                select.setString(3, last);
                select.setInt(4, names.size());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        topics.add(read(row));
                    }
                }
            }
            return new Page(topics, names(connection, last, 1).isEmpty() ? "" : last);
        });
    }

    /** As many as may be on one page, at least the first. */
    private List<String> names(Connection connection, String after, int limit)
            throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, NAMES)) {
            select.setString(1, namespace);
            select.setString(2, after);
            select.setInt(3, limit);
            long chars = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    chars += row.getLong(2);
                    if (!names.isEmpty() && chars > Limits.PAGE_CHARS) {
                        break;
                    }
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    /** Answers {@link Reply.Invalid} with what {@code change} complains of. */
    private CompletionStage<Reply> change(String topic, Function<Optional<Topic>, Topic> change) {
        return database.change(Lane.DESK, connection -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Topic> old = find(connection, topic);
                Topic changed;
                try {
                    changed = change.apply(old);
                } catch (InvalidRequest invalid) {
                    return new Reply.Invalid(invalid.getMessage());
                }
                boolean made = old.isPresent() ? updated(connection, changed)
                    : inserted(connection, changed);
                if (made) {
                    return Reply.DONE;
                }
            }
            throw new SQLTransientException("too many change the topic " + topic + " at once");
        });
    }

    private boolean inserted(Connection connection, Topic topic) throws SQLException {
        try (PreparedStatement insert = prepared(connection, INSERT)) {
            insert.setString(1, topic.name());
            insert.setString(2, text(topic.subscribers()));
            insert.setInt(3, topic.version());
            insert.setLong(4, Micros.of(topic.createdAt()));
            insert.setLong(5, Micros.of(topic.updatedAt()));
            insert.setString(6, namespace);
            insert.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (database.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private boolean updated(Connection connection, Topic topic) throws SQLException {
        try (PreparedStatement update = prepared(connection, UPDATE)) {
            update.setString(1, text(topic.subscribers()));
            update.setInt(2, topic.version());
            update.setLong(3, Micros.of(topic.updatedAt()));
            update.setString(4, namespace);
            update.setString(5, topic.name());
            update.setInt(6, topic.version() - 1);
            return update.executeUpdate() == 1;
        }
    }

    private Optional<Topic> find(Connection connection, String topic) throws SQLException {
        try (PreparedStatement select = prepared(connection, FIND)) {
            select.setString(1, namespace);
            select.setString(2, topic);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }

    private Topic next(String name, Optional<Topic> old, List<Subscriber> subscribers) {
        Instant now = clock.instant();
        return new Topic(name, subscribers, old.map(Topic::version).orElse(0) + 1,
            old.map(Topic::createdAt).orElse(now), now);
    }

    private static Topic read(ResultSet row) throws SQLException {
        return new Topic(row.getString(1), subscribers(row.getString(2)), row.getInt(3),
            Micros.toInstant(row.getLong(4)), Micros.toInstant(row.getLong(5)));
    }

    private static String text(List<Subscriber> subscribers) {
        try {
            return JSON.writeValueAsString(subscribers.stream()
                .map(each -> Map.of("url", each.url(), "remark", each.remark())).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("subscribers that cannot be written", e);
        }
    }

    private static List<Subscriber> subscribers(String text) {
        try {
            return JSON.readValue(text, SUBSCRIBERS).stream()
                .map(each -> new Subscriber(
                    each.getOrDefault("url", ""), each.getOrDefault("remark", "")))
                .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("subscribers that cannot be read: " + text, e);
        }
    }

    private static Optional<String> wrongName(String topic) {
        return topic.isEmpty() ? Optional.of("empty topic")
            : tooLong("topic", topic, Limits.TOPIC_CHARS);
    }

    private static Optional<String> wrongUrl(String url) {
        return url.isEmpty() ? Optional.of("empty url") : tooLong("url", url, Limits.URL_CHARS);
    }

    private static Optional<String> tooLong(String what, String text, int chars) {
        return text.length() <= chars ? Optional.empty() : Optional.of(
            what + " is longer than " + chars + " characters: " + text.length());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidRequest(message);
        }
    }
}
