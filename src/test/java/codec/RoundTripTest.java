package codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.Command;
import transaction.Context;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.Mode;
import transaction.Notice;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/**
 * Each component of each record comes out as it went in. The records are made by reflection, so one
 * that is added is tried without a word here.
 */
class RoundTripTest {

    /** A record with its codec. */
    private record Trip(
            Object record, BiConsumer<FieldWriter, Object> write, Function<FieldReader, ?> read) {

        private static <T> Trip of(
                T record, BiConsumer<FieldWriter, T> write, Function<FieldReader, T> read) {
            @SuppressWarnings("unchecked")
            BiConsumer<FieldWriter, Object> any = (BiConsumer<FieldWriter, Object>) write;
            return new Trip(record, any, read);
        }

        @Override
        public String toString() {
            return record.getClass().getName();
        }
    }

    static Stream<Trip> all() {
        Stream<Trip> entries = Stream.concat(Stream.of(Event.class.getPermittedSubclasses())
                .map(type -> (Event) Examples.of(type)), details().map(RoundTripTest::opened))
            .map(event -> Trip.of(
                new Entry(List.of(event), null), EventFields::write, EventFields::read));
        Stream<Trip> commands = Examples.ofEach(Command.class)
            .filter(each -> !(each instanceof Command.BranchReturned))
            .map(each -> Trip.of(each, CommandFields::write, CommandFields::read));
        Stream<Trip> replies = Examples.ofEach(Reply.class)
            .map(each -> each instanceof Reply.Found ? Examples.found() : each)
            .map(each -> Trip.of(each, ReplyFields::write, ReplyFields::read));
        Stream<Trip> notices = Examples.ofEach(Notice.class)
            .map(each -> Trip.of(each, NoticeFields::write, NoticeFields::read));
        return Stream.of(entries, commands, replies, notices,
                Stream.of(Trip.of(Examples.of(Options.class), SubmissionFields::options,
                    SubmissionFields::options)))
            .flatMap(each -> each);
    }

    private static Stream<Details> details() {
        return Stream.of(Details.PLAIN, new Details.Concurrent(Map.of(2, List.of(0, 1))),
            new Details.Delay(7), new Details.Named("name", Bytes.utf8("data")));
    }

    private static Event opened(Details details) {
        return new Examples(details).record(Event.Opened.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachComponentComesOutAsItWentIn(Trip trip) {
        byte[] bytes = ByteFields.of(trip.record, trip.write);

        assertEquals(trip.record, trip.read.apply(new FieldReader(bytes)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatALaterReleaseAddsIsPassedOver(Trip trip) {
        ByteFields to = new ByteFields();
        new Later(to).add(trip.record, trip.write);

        assertEquals(trip.record, trip.read.apply(new FieldReader(to.toBytes())));
    }

    @ParameterizedTest
    @MethodSource("all")
    void inPiecesItIsTheSame(Trip trip) {
        ByteFields to = new ByteFields();
        trip.write.accept(to, trip.record);
        List<byte[]> pieces = to.toPieces(7);

        assertEquals(to.size(), pieces.stream().mapToInt(each -> each.length).sum());
        assertEquals(trip.record, trip.read.apply(new FieldReader(Content.of(pieces))));
    }

    @Test
    void whatIsNotThereReadsAsNothingSaid() {
        ByteFields to = new ByteFields();
        to.text(1, "", "g").text(2, "", "tcc");
        Submission bare = Submission.bare("g", Mode.TCC);

        assertEquals(bare, SubmissionFields.read(new FieldReader(to.toBytes())));
        assertEquals(Protocol.HTTP, bare.protocol());
        assertEquals(Context.NONE, bare.context());
        assertEquals(Options.NONE, SubmissionFields.options(new FieldReader(new byte[0])));
        assertEquals(Backoff.NONE, StateFields.backoff(new FieldReader(new byte[0])));
    }

    @Test
    void whatIsUsualTakesNoRoom() {
        Instant at = Instant.parse("2026-03-01T12:00:00.123456Z");
        Entry settled = new Entry(List.of(new Event.OpSettled(
            new transaction.CallKey("01", Op.ACTION), BranchStatus.SUCCEED, "", at)), null);

        int bytes = ByteFields.of(settled, EventFields::write).length;
        assertTrue(bytes <= 48, bytes + " bytes");
    }

    @Test
    void aPayloadThatTwoOperationsShareIsThereOnce() {
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        Bytes payload = Bytes.of(new byte[10_000]);
        List<BranchOp> ops = Stream.of(Op.CONFIRM, Op.CANCEL, Op.TRY)
            .map(op -> new BranchOp("01", op, "http://a/", payload, BranchStatus.PREPARED,
                Backoff.NONE, "", at, at)).toList();
        Entry entry = new Entry(List.of(new Event.BranchesJoined(ops, at)), null);

        byte[] bytes = ByteFields.of(entry, EventFields::write);

        assertTrue(bytes.length < 10_200, bytes.length + " bytes");
        assertEquals(entry, EventFields.read(new FieldReader(bytes)));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void whatIsNotKnownIsRefusedByItsName(String message, FieldWriter to) {
        FieldReader from = new FieldReader(((ByteFields) to).toBytes());

        assertEquals(message, assertThrows(IllegalArgumentException.class,
            () -> EventFields.read(from)).getMessage());
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
            Arguments.of("unknown mode: at", entry(event -> event.text(1, "", "opened")
                .text(4, "", "prepared").record(11, "", "at", (to, mode) -> to
                    .text(1, "", "g").text(2, "", mode)))),
            Arguments.of("unknown type of event: told",
                entry(event -> event.text(1, "", "told"))),
            Arguments.of("unknown status: asleep",
                entry(event -> event.text(1, "", "ended").text(4, "", "asleep"))),
            Arguments.of("unknown operation: lock", entry(event -> event.text(1, "", "settled")
                .text(7, "", "01").text(8, "", "lock").text(4, "", "succeed"))),
            Arguments.of("an entry without events",
                new ByteFields().instant(1, "", Instant.EPOCH.plusSeconds(9))),
            Arguments.of("an entry without its time", new ByteFields()));
    }

    private static FieldWriter entry(Function<FieldWriter, FieldWriter> event) {
        return new ByteFields().instant(1, "", Instant.EPOCH.plusSeconds(9))
            .record(2, "", "", (to, nothing) -> event.apply(to));
    }

    @Test
    void anAnswerOfALaterReleaseSaysNothingAboutWhatHappened() {
        Reply reply = ReplyFields.read(new FieldReader(
            ((ByteFields) new ByteFields().text(1, "", "paused").text(4, "", "why")).toBytes()));

        assertEquals(new Reply.Unclear("the answer came in words of a later release"), reply);
    }

    @Test
    void whatComesBackFromACallStaysAtItsNode() {
        assertEquals(Set.of(Command.BranchReturned.class), difference(Command.class,
            CommandFields.COMMANDS.types()));
        assertEquals(Set.of(), difference(Reply.class, ReplyFields.REPLIES.types()));
        assertEquals(Set.of(), difference(Notice.class, NoticeFields.NOTICES.types()));
    }

    private static Set<Class<?>> difference(Class<?> sealed, Set<Class<?>> known) {
        Set<Class<?>> all = new java.util.HashSet<>(Set.of(sealed.getPermittedSubclasses()));
        all.removeAll(known);
        return all;
    }

    /** Writes fields that this release does not know, too, wherever there are fields. */
    private record Later(FieldWriter to) implements FieldWriter {

        <T> void add(T record, BiConsumer<FieldWriter, T> fields) {
            to.number(500, "", -1);
            fields.accept(this, record);
            to.text(501, "", "later").number(20_000, "", Long.MIN_VALUE);
        }

        @Override
        public FieldWriter text(int number, String name, String text) {
            to.text(number, name, text);
            return this;
        }

        @Override
        public FieldWriter bytes(int number, String name, Bytes bytes) {
            to.bytes(number, name, bytes);
            return this;
        }

        @Override
        public FieldWriter number(int number, String name, long value) {
            to.number(number, name, value);
            return this;
        }

        @Override
        public FieldWriter instant(int number, String name, Instant at) {
            to.instant(number, name, at);
            return this;
        }

        @Override
        public FieldWriter moment(int number, String name, Instant at) {
            to.moment(number, name, at);
            return this;
        }

        @Override
        public FieldWriter duration(int number, String name, java.time.Duration time) {
            to.duration(number, name, time);
            return this;
        }

        @Override
        public <T> FieldWriter record(
                int number, String name, T record, BiConsumer<FieldWriter, T> fields) {
            to.record(number, name, record, (inner, each) -> new Later(inner).add(each, fields));
            return this;
        }

        @Override
        public FieldWriter texts(int number, String name, Collection<String> texts) {
            to.texts(number, name, texts);
            return this;
        }

        @Override
        public FieldWriter numbers(int number, String name, Collection<Integer> values) {
            to.numbers(number, name, values);
            return this;
        }

        @Override
        public <T> FieldWriter records(int number, String name, Collection<? extends T> records,
                BiConsumer<FieldWriter, T> fields) {
            records.forEach(each -> record(number, name, each, fields));
            return this;
        }

        @Override
        public FieldWriter map(int number, String name, Map<String, String> entries) {
            to.map(number, name, entries);
            return this;
        }

        @Override
        public FieldWriter at(Instant whole) {
            to.at(whole);
            return this;
        }
    }
}
