package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Reply;
import transaction.Topics.Page;
import transaction.Topics.Subscriber;
import transaction.Topics.Topic;

/** Topics as protocol section 1.10 has them. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class TopicTableTest {

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;

    private Database database;
    private TopicTable topics;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        reopen();
    }

    private void reopen() {
        database = Database.open(place.settings(), H2Files.meter());
        topics = new TopicTable(database, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_version_rises_by_one_with_each_change() {
        assertEquals(Reply.DONE, get(topics.subscribe("orders", "http://a/x", "first")));
        assertEquals(1, found("orders").version());
        assertEquals(Reply.DONE, get(topics.subscribe("orders", "http://b/x", "")));
        assertEquals(2, found("orders").version());
        assertEquals(List.of(new Subscriber("http://a/x", "first"),
            new Subscriber("http://b/x", "")), found("orders").subscribers());
        assertEquals(Reply.DONE, get(topics.unsubscribe("orders", "http://a/x")));
        assertEquals(3, found("orders").version());
        assertEquals(List.of("http://b/x"), found("orders").urls());
    }

    @Test
    void twenty_who_subscribe_at_once_are_all_there() {
        List<CompletionStage<Reply>> all = IntStream.range(0, 20)
            .mapToObj(i -> topics.subscribe("orders", "http://a/" + i, "")).toList();

        all.forEach(each -> assertEquals(Reply.DONE, get(each)));

        assertEquals(20, found("orders").version());
        assertEquals(20, found("orders").urls().size());
    }

    @Test
    void the_last_to_leave_leaves_the_topic_behind() {
        get(topics.subscribe("orders", "http://a/x", ""));

        assertEquals(Reply.DONE, get(topics.unsubscribe("orders", "http://a/x")));

        assertEquals(List.of(), found("orders").subscribers());
        assertEquals(new Reply.Invalid("this topic is empty"),
            get(topics.unsubscribe("orders", "http://a/x")));
    }

    @Test
    void what_cannot_be_done_is_told_in_the_words_of_the_protocol() {
        get(topics.subscribe("orders", "http://a/x", ""));

        assertEquals(new Reply.Invalid("this url exists"),
            get(topics.subscribe("orders", "http://a/x", "again")));
        assertEquals(new Reply.Invalid("no such a topic"),
            get(topics.unsubscribe("nobody", "http://a/x")));
        assertEquals(new Reply.Invalid("no such an url "),
            get(topics.unsubscribe("orders", "http://b/x")));
        assertEquals(new Reply.Invalid("empty topic"), get(topics.subscribe("", "http://a", "")));
        assertEquals(new Reply.Invalid("empty url"), get(topics.subscribe("orders", "", "")));
        assertEquals(new Reply.Invalid("empty topic"), get(topics.unsubscribe("", "http://a")));
        assertEquals(new Reply.Invalid("empty url"), get(topics.unsubscribe("orders", "")));
        assertEquals(new Reply.Missing("storage: NotFound"), get(topics.delete("nobody")));
        assertEquals(1, found("orders").version());
    }

    @Test
    void a_deleted_topic_begins_anew() {
        get(topics.subscribe("orders", "http://a/x", ""));
        get(topics.subscribe("orders", "http://b/x", ""));

        assertEquals(Reply.DONE, get(topics.delete("orders")));
        assertEquals(Optional.empty(), get(topics.find("orders")));

        get(topics.subscribe("orders", "http://c/x", ""));
        assertEquals(1, found("orders").version());
        assertEquals(List.of("http://c/x"), found("orders").urls());
    }

    @Test
    void changes_at_once_are_all_made() {
        int changes = 60;
        IntStream.range(0, changes)
            .mapToObj(i -> topics.subscribe("orders", "http://a/" + i, "")).toList()
            .forEach(each -> assertEquals(Reply.DONE, get(each)));

        assertEquals(changes, found("orders").version());
        assertEquals(changes, new HashSet<>(found("orders").urls()).size());
    }

    @Test
    void names_are_listed_in_order_and_page_by_page() {
        for (String name : List.of("b", "ü", "a", "c", "B")) {
            get(topics.subscribe(name, "http://a/x", ""));
        }

        List<String> first = names(get(topics.list("", 3)));
        List<String> second = names(get(topics.list(first.get(2), 3)));

        assertEquals(List.of("B", "a", "b"), first);
        assertEquals(List.of("c", "ü"), second);
        assertThrows(InvalidRequest.class, () -> topics.list("", 0));
        assertThrows(InvalidRequest.class, () -> topics.list("", Limits.PAGE_ROWS + 1));
    }

    @Test
    void a_page_of_topics_is_bounded_in_characters_too() {
        String many = "[" + IntStream.range(0, 200).mapToObj(i -> "{\"url\":\"http://host/"
            + "x".repeat(2_000) + i + "\"}").collect(Collectors.joining(",")) + "]";
        for (int i = 0; i < 4; i++) {
            place.execute("INSERT INTO pactor_topic (name, subscribers, version, created_at,"
                + " updated_at) VALUES (?, ?, 1, 0, 0)", "t" + i, many);
        }

        List<List<String>> pages = new ArrayList<>();
        String next = "";
        do {
            Page page = get(topics.list(next, 100));
            pages.add(names(page));
            next = page.next();
        } while (!next.isEmpty());

        assertEquals(List.of(List.of("t0", "t1"), List.of("t2", "t3")), pages);
    }

    @Test
    void bounds_are_kept() {
        String longest = "t".repeat(Limits.TOPIC_CHARS);
        assertEquals(Reply.DONE, get(topics.subscribe(longest, "http://a/x", "")));
        assertEquals(longest, found(longest).name());

        assertTooLong("topic", topics.subscribe(longest + "t", "http://a/x", ""));
        assertTooLong("url", topics.subscribe("t", "http://" + "u".repeat(Limits.URL_CHARS), ""));
        assertTooLong("remark",
            topics.subscribe("t", "http://a/x", "r".repeat(Limits.REMARK_CHARS + 1)));
    }

    @Test
    void a_topic_is_full_some_day() {
        String all = String.join(",", IntStream.range(0, Limits.SUBSCRIBERS)
            .mapToObj(i -> "{\"url\":\"http://a/" + i + "\"}").toList());
        get(topics.subscribe("full", "http://a/x", ""));
        place.execute("UPDATE pactor_topic SET subscribers = ?", "[" + all + "]");

        assertEquals(
            new Reply.Invalid("a topic has at most " + Limits.SUBSCRIBERS + " subscribers"),
            get(topics.subscribe("full", "http://b/x", "")));
    }

    @Test
    void they_survive_a_restart() {
        get(topics.subscribe("orders \"ü\"", "http://a/x?q='1'", "r\n"));
        Topic before = found("orders \"ü\"");
        database.close();
        reopen();

        assertEquals(before, found("orders \"ü\""));
    }

    private void assertTooLong(String what, CompletionStage<Reply> reply) {
        String said = ((Reply.Invalid) get(reply)).reason();
        assertEquals(what, said.substring(0, said.indexOf(' ')));
    }

    private Topic found(String name) {
        return get(topics.find(name)).orElseThrow();
    }

    private static List<String> names(Page page) {
        return page.rows().stream().map(Topic::name).toList();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
