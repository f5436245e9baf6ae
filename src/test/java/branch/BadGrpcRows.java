package branch;

import static branch.BadGrpcParticipant.CONTINUATION;
import static branch.BadGrpcParticipant.DATA;
import static branch.BadGrpcParticipant.END_HEADERS;
import static branch.BadGrpcParticipant.END_STREAM;
import static branch.BadGrpcParticipant.HEADERS;
import static branch.BadGrpcParticipant.SETTINGS;
import static branch.BadGrpcParticipant.block;
import static branch.BadGrpcParticipant.frame;
import static branch.BadGrpcParticipant.prefixed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import transaction.Outcome.Kind;

/** All that a bad gRPC participant does, each with the outcome that is right. */
final class BadGrpcRows {

    private static final String KIB = "x".repeat(1_024);

    private final BadGrpcParticipant participant;
    private final List<Row> rows = new ArrayList<>();

    /** One method; the reason of its outcome contains {@code reason}. */
    record Row(String method, Kind outcome, String reason) {
        @Override
        public String toString() {
            return method + " is " + outcome;
        }
    }

    private BadGrpcRows(BadGrpcParticipant participant) {
        this.participant = participant;
    }

    /** Teaches {@code participant} each row. */
    static List<Row> of(BadGrpcParticipant participant) {
        BadGrpcRows all = new BadGrpcRows(participant);
        all.silenceAndSlowness();
        all.brokenConnections();
        all.brokenStreams();
        all.brokenFrames();
        all.goneAway();
        all.statuses();
        all.verdicts();
        all.messages();
        all.codings();
        all.headers();
        return all.rows;
    }

    private void silenceAndSlowness() {
        row("d02Silent", Kind.UNKNOWN, "within 400 ms", v -> { });
        row("d02SilentAfterHead", Kind.UNKNOWN, "within 400 ms", v -> v.head());
        row("d02SilentBeforeTrailers", Kind.UNKNOWN, "within 400 ms", v -> {
            v.head();
            v.message(new byte[0]);
        });
        row("d03DripMessage", Kind.UNKNOWN, "within 400 ms", v -> {
            v.head();
            v.send(DATA, 0, prefixed(0, 1_000, new byte[0]));
            for (int i = 0; i < 100; i++) {
                v.send(DATA, 0, new byte[1]);
                v.hasCompany(4);
            }
        });
        row("d03DripHead", Kind.UNKNOWN, "within 400 ms", v -> {
            byte[] head = block(":status", "200", "content-type", "application/grpc");
            if (v.isFirst()) {
                v.drip(frame(HEADERS, END_HEADERS, v.stream, head), 50);
            }
        });
    }

    private void brokenConnections() {
        breaking("d04ResetAtOnce", v -> v.reset());
        breaking("d04EndAtOnce", v -> v.end());
        breaking("d04ResetInHead", v -> {
            v.raw(new byte[] {0, 0, 50, HEADERS, END_HEADERS, 0, 0});
            v.reset();
        });
        breaking("d04EndAfterHead", v -> {
            v.head();
            v.end();
        });
        breaking("d04EndBeforeTrailers", v -> {
            v.head();
            v.message(new byte[0]);
            v.end();
        });
        breaking("d07DoneThenReset", v -> v.reset());
        row("d05WritesNoMore", Kind.SUCCESS, "", v -> {
            if (v.hasCompany(3) && v.stream != 0) {
                v.answer("0", "");
            }
        });
    }

    private void brokenStreams() {
        for (int code : new int[] {0, 1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 99}) {
            row("d22Rst" + code, Kind.UNKNOWN, "gave no answer", v -> v.rst(code));
            row("d22HeadRst" + code, Kind.UNKNOWN, "gave no answer", v -> {
                v.head();
                v.message(new byte[0]);
                v.rst(code);
            });
        }
        row("d04EndsWithoutTrailers", Kind.UNKNOWN, "gave no answer", v -> {
            v.head();
            v.send(DATA, END_STREAM, prefixed(0, 0, new byte[0]));
        });
        row("d04HeadEndsIt", Kind.UNKNOWN, "", v -> v.only());
        row("d13FailureAfterSuccess", Kind.SUCCESS, "", v -> {
            v.raw(BadGrpcParticipant.concat(
                    frame(HEADERS, END_HEADERS | END_STREAM, v.stream, block(":status", "200",
                            "content-type", "application/grpc", "grpc-status", "0")),
                    frame(HEADERS, END_HEADERS | END_STREAM, v.stream,
                            block("grpc-status", "10"))));
        });
    }

    private void brokenFrames() {
        breaking("d22Http1", v -> v.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
        breaking("d22Garbage", v -> v.raw("\1\2\3 220 mail ESMTP ready\r\n".repeat(100)));
        breaking("d16Tls", v -> v.raw("\25\3\3\0\2\2\50"));
        breaking("d22FrameTooLarge", v -> v.raw(new byte[] {
            (byte) 0xff, 0, 0, DATA, 0, 0, 0, 0, (byte) v.stream}));
        breaking("d22DataOnStreamZero", v -> v.raw(frame(DATA, 0, 0, new byte[5])));
        breaking("d22HeadOfNoStream", v -> v.raw(
                frame(HEADERS, END_HEADERS, 9_999, block(":status", "200"))));
        breaking("d22BadHpack", v -> v.send(HEADERS, END_HEADERS, new byte[] {(byte) 0xff, -1}));
        breaking("d22BadSettings", v -> v.raw(frame(SETTINGS, 0, 0, new byte[5])));
        breaking("d22NoContinuation", v -> {
            v.send(HEADERS, 0, block(":status", "200"));
            v.raw(frame(DATA, 0, v.stream, new byte[5]));
        });
        breaking("d22ContinuationAlone", v -> v.send(CONTINUATION, END_HEADERS, new byte[0]));
        row("d22Pings", Kind.SUCCESS, "", v -> {
            for (int i = 0; i < 100; i++) {
                v.raw(frame(BadGrpcParticipant.PING, 0, 0, new byte[8]));
            }
            v.answer("0", "");
        });
        row("d22UnknownFrames", Kind.SUCCESS, "", v -> {
            v.raw(frame(0xbb, 0xff, 0, new byte[100]));
            v.answer("0", "");
        });
    }

    private void goneAway() {
        breaking("d06GoAwayUnprocessed", v -> v.goAway(0, 0, ""));
        breaking("d22GoAwayCalm", v -> v.goAway(0, 11, "too_many_pings"));
        breaking("d22GoAwayThenEnd", v -> {
            v.goAway(0, 0, "");
            v.end();
        });
        breaking("d22GoAwayErrorThenEnd", v -> {
            v.goAway(Integer.MAX_VALUE, 2, "");
            v.end();
        });
        row("d22GoAwayThenAnswer", Kind.SUCCESS, "", v -> {
            if (v.hasCompany(3)) {
                v.goAway(Integer.MAX_VALUE, 0, "");
                v.answer("0", "");
            }
        });
        row("d22GoAwayInAnswer", Kind.FAILURE, "no funds", v -> {
            if (v.hasCompany(3)) {
                v.head();
                v.goAway(Integer.MAX_VALUE, 0, "");
                v.trailers("grpc-status", "10", "grpc-message", "no funds");
            }
        });
    }

    private void statuses() {
        for (int code = 1; code <= 17; code++) {
            String status = Integer.toString(code);
            boolean says = code == 9 || code == 10;
            Kind kind = code == 9 ? Kind.ONGOING : code == 10 ? Kind.FAILURE : Kind.UNKNOWN;
            row("d08Status" + code, kind, says ? "why" : "return code", v ->
                    v.answer(status, "why"));
            row("d22Only" + code, kind, says ? "why" : "return code", v ->
                    v.only("grpc-status", status, "grpc-message", "why"));
        }
        for (int http : new int[] {200, 204, 301, 400, 401, 403, 404, 409, 425, 429, 500, 503}) {
            row("d08Http" + http, Kind.UNKNOWN, "gave no answer", v ->
                    v.headers(END_STREAM, ":status", "" + http, "content-type", "text/html"));
            row("d08HttpGrpc" + http, Kind.UNKNOWN, "", v ->
                    v.headers(END_STREAM, ":status", "" + http,
                            "content-type", "application/grpc"));
        }
        // The status of gRPC counts where there is one, whatever HTTP's is (gRPC over HTTP/2).
        row("d08Http500AndOk", Kind.SUCCESS, "", v ->
                v.headers(END_STREAM, ":status", "500",
                        "content-type", "application/grpc", "grpc-status", "0"));
        row("d09Interim", Kind.SUCCESS, "", v -> {
            v.headers(0, ":status", "103", "link", "x");
            v.answer("0", "");
        });
        row("d22NoHttpStatus", Kind.UNKNOWN, "", v ->
                v.headers(END_STREAM, "content-type", "application/grpc", "grpc-status", "10"));
        for (String status : new String[] {"10", "0"}) {
            row("d10WrongType" + status, Kind.UNKNOWN, "", v -> v.headers(END_STREAM, ":status",
                    "200", "content-type", "application/json", "grpc-status", status));
        }
    }

    private void verdicts() {
        row("d22Failure409", Kind.FAILURE, "no funds", v -> v.answer("409", "no funds"));
        row("d22Ongoing425", Kind.ONGOING, "wait", v -> v.answer("425", "wait"));
        row("d22OnlyFailure409", Kind.FAILURE, "", v -> v.only("grpc-status", "409"));
        row("d22OnlyOngoing425", Kind.ONGOING, "", v -> v.only("grpc-status", "425"));
        row("d22LegacyOngoing", Kind.ONGOING, "", v -> v.answer("10", "ONGOING"));
        row("d22Other", Kind.UNKNOWN, "return code 500", v -> v.answer("500", "FAILURE"));
        for (String odd : new String[] {"", "abc", "-1", "010", "10 ", "1e1", "99999999999"}) {
            row("d22Odd" + odd.replace(' ', '_'), Kind.UNKNOWN, "", v -> v.answer(odd, ""));
        }
        row("d22TwoThatDiffer", Kind.UNKNOWN, "", v -> {
            v.head();
            v.trailers("grpc-status", "0", "grpc-status", "10");
        });
        row("d22TwoAlike", Kind.FAILURE, "", v -> {
            v.head();
            v.trailers("grpc-status", "10", "grpc-status", "10");
        });
        row("d22InHeadAlone", Kind.UNKNOWN, "", v -> {
            v.headers(0, ":status", "200", "content-type", "application/grpc",
                    "grpc-status", "10");
            v.send(DATA, END_STREAM, prefixed(0, 0, new byte[0]));
        });
        row("d22PretendsToBeUs", Kind.UNKNOWN, "", v ->
                v.only("pactor-told-status", "10", "grpc-status", "14"));
        row("d22MessageOfBadPercents", Kind.FAILURE, "%zz", v -> v.answer("10", "%zz%"));
    }

    private void messages() {
        byte[] bomb = gzipped(new byte[64 << 20]);
        row("d10NoMessage", Kind.SUCCESS, "", v -> v.only("grpc-status", "0"));
        row("d10HeadAndNoMessage", Kind.SUCCESS, "", v -> {
            v.head();
            v.trailers("grpc-status", "0");
        });
        row("d10Garbage", Kind.SUCCESS, "", v -> {
            v.head();
            v.message("}{ <html> \1\2\3".getBytes());
            v.trailers("grpc-status", "0");
        });
        row("d11GzipIsNotOpened", Kind.SUCCESS, "", v -> {
            v.headers(0, ":status", "200", "content-type", "application/grpc",
                    "grpc-encoding", "gzip");
            for (int at = 0; at < bomb.length + 5; at += 16_384) {
                byte[] all = prefixed(1, bomb.length, bomb);
                v.send(DATA, 0, Arrays.copyOfRange(
                        all, at, Math.min(all.length, at + 16_384)));
            }
            v.trailers("grpc-status", "0");
        });
        row("d10UnknownEncoding", Kind.UNKNOWN, "", v -> {
            v.headers(0, ":status", "200", "content-type", "application/grpc",
                    "grpc-encoding", "brotli");
            v.trailers("grpc-status", "0");
        });
        for (String status : new String[] {"0", "10"}) {
            // An error ends a call, whatever was half said before it.
            Kind kind = status.equals("0") ? Kind.UNKNOWN : Kind.FAILURE;
            row("d04LessThanItsLength" + status, kind, "", v -> {
                v.head();
                v.send(DATA, 0, prefixed(0, 100, new byte[5]));
                v.trailers("grpc-status", status);
            });
            row("d04TwoMessages" + status, Kind.UNKNOWN, "more than one message", v -> {
                v.head();
                v.message(new byte[5]);
                v.message(new byte[5]);
                v.trailers("grpc-status", status);
            });
        }
        row("d22TooLong", Kind.UNKNOWN, "exceeds maximum", v -> {
            v.head();
            v.send(DATA, 0, prefixed(0, (1 << 20) + 1, new byte[5]));
            v.trailers("grpc-status", "0");
        });
        for (int type : new int[] {DATA, BadGrpcParticipant.PING, SETTINGS, 0xbb}) {
            row("d11EndlessFrames" + type, Kind.UNKNOWN, "frames without end", v -> {
                if (v.hasCompany(3) && v.isFirst()) {
                    v.head();
                    int stream = type == DATA ? v.stream : 0;
                    byte[] payload = new byte[type == BadGrpcParticipant.PING ? 8 : 0];
                    v.sendForEver(frame(type, 0, stream, payload));
                }
            });
        }
    }

    private void codings() {
        row("d11CompressedByNothing", Kind.UNKNOWN, "", v -> {
            v.head();
            v.send(DATA, 0, prefixed(1, 5, new byte[5]));
            v.trailers("grpc-status", "0");
        });
        row("d11BadFlag", Kind.UNKNOWN, "", v -> {
            v.head();
            v.send(DATA, 0, prefixed(2, 5, new byte[5]));
            v.trailers("grpc-status", "0");
        });
        row("d11CodingOfTheStream", Kind.UNKNOWN, "", v -> {
            v.headers(0, ":status", "200", "content-type", "application/grpc",
                    "content-encoding", "gzip");
            v.send(DATA, 0, gzipped(prefixed(0, 5, new byte[5])));
            v.trailers("grpc-status", "0");
        });
    }

    private void headers() {
        row("d12LargeHeader", Kind.SUCCESS, "", v ->
                v.only("grpc-status", "0", "x", KIB.repeat(15)));
        breaking("d12HugeHeader", v -> v.inParts(block(":status", "200",
                "content-type", "application/grpc", "grpc-status", "0", "x", KIB.repeat(64))));
        breaking("d12ManyHeaders", v -> v.inParts(BadGrpcParticipant.concat(
                block(":status", "200", "content-type", "application/grpc", "grpc-status", "0"),
                block(Collections.nCopies(20_000, "x").toArray(String[]::new)))));
        breaking("d12EndlessHeaders", v -> {
            if (v.isFirst()) {
                v.send(HEADERS, 0, block(":status", "200"));
                v.sendForEver(frame(CONTINUATION, 0, v.stream, block("x", KIB)));
            }
        });
        row("d12NulInValue", Kind.SUCCESS, "", v -> v.only("grpc-status", "0", "x", "a\0b"));
        row("d12LinesInMessage", Kind.FAILURE, "return failed: a", v ->
                v.answer("10", "a\r\nb: c"));
        row("d12BinaryThatIsNone", Kind.UNKNOWN, "", v ->
                v.only("grpc-status", "0", "x-bin", "%%%"));
    }

    /** Breaks the connection, once the three calls have been read from it. */
    private void breaking(String method, BadGrpcParticipant.Behaviour behaviour) {
        row(method, Kind.UNKNOWN, "gave no answer", v -> {
            if (v.hasCompany(3)) {
                behaviour.reply(v);
            }
        });
    }

    private void row(String method, Kind outcome, String reason,
            BadGrpcParticipant.Behaviour behaviour) {
        participant.on(method, behaviour);
        rows.add(new Row(method, outcome, reason));
    }

    private static byte[] gzipped(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}
