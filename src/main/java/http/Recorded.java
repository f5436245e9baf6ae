package http;

import audit.Act;
import audit.Audit;
import audit.Who;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import security.Access;
import security.Caller;
import security.Peer;
import security.Permission;
import security.Role;
import transaction.Bytes;
import transaction.Context;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Submission;
import transaction.Summary;
import transaction.TransactionId;
import transaction.Waiting;
import wire.JsonIn;
import wire.KnownKeys;

/**
 * Puts the requests of operators on record, around what their handlers do. What a request is about
 * is told by the few of its parameters that are listed here: no others, since they may be payloads.
 */
final class Recorded {

    /** Why the caller does it, in its own words. */
    static final String REASON = "Pactor-Reason";

    /** The same in a body. */
    private static final String WHY = "reason";

    /** Parameters of urls, and keys of bodies. */
    private static final List<String> SUBJECTS = List.of("gid", "topic", "url", "branch_id", "op",
        "result", "timeout", "limit", "seconds", "millis", "on");

    /**
     * Keys of bodies, those together that one handler reads: what it understands is understood here
     * too, and no key that it passes over can hide another one.
     */
    private static final List<KnownKeys> KEYS = Stream.of(new String[][] {
            {"gid"}, {"branch_id", "op", "result"}, {"seconds"}, {"millis"}, {"on"}, {"until"},
            {"outcome"}, {"url"}, {"from"}, {"dry_run"}, {"action"}, {"filter"}, {"id"}, {WHY}})
        .map(KnownKeys::of).toList();

    /** In place of a status that could not be read. */
    private static final String UNREAD = "?";

    /** No operator waits longer for what is worth so little. */
    private static final Duration STATUS_WITHIN = Duration.ofSeconds(1);

    /** Of one value; the store cuts the whole. */
    private static final int VALUE_CHARS = 512;

    private final Audit audit;
    private final Function<String, CompletionStage<String>> status;

    /** @param status of the transaction of a gid; empty if there is none or it is not known */
    Recorded(Audit audit, Function<String, CompletionStage<String>> status) {
        this.audit = audit;
        this.status = status;
    }

    /** With the status that the index of {@code coordinator} tells. */
    static Recorded of(Audit audit, Coordinator coordinator) {
        return new Recorded(audit, gid -> {
            try {
                Submission.checkGid(gid);
                return coordinator.index().find(gid).handleAsync((found, unread) ->
                    unread != null ? UNREAD : found.map(Recorded::shown).orElse(""),
                    Runnable::run).toCompletableFuture().completeOnTimeout(
                    UNREAD, STATUS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RuntimeException invalidOrBusy) {
                return Continuations.now("");
            }
        });
    }

    private static String shown(Summary row) {
        return row.status().wire() + (row.quarantine().isEmpty() ? "" : " quarantined")
            + (row.waiting() == Waiting.PARKED ? " parked" : "")
            + (row.waiting() == Waiting.PAUSED ? " paused" : "");
    }

    /** Carries out a call by {@code handler}, which never fails, and puts it on record. */
    CompletionStage<HttpAnswer> around(Route route, Route.Call call, Supplier<Who> who,
            Supplier<CompletionStage<HttpAnswer>> handler) {
        if (route.isAct(call)) {
            Map<String, String> subjects = subjects(route, call);
            return audit.carryOut(intent(route, who.get(), subjects),
                new Doing(id(call.caller(), subjects.getOrDefault("gid", "")), handler));
        }
        boolean isRead = route.showsPayloads() && call.caller().may(Permission.READ_PAYLOADS)
            && audit.notesReads(call.caller().role() == Role.ADMIN);
        if (isRead) {
            return audit.read(
                intent(route, who.get(), subjects(route, call)), handler, Recorded::result);
        }
        return route.isSometimesAct() ? Continuations.then(handler.get(), answer -> {
            if (answer.status() == 403) {
                audit.refused(Act.refusal(
                    who.get(), action(route), shown(subjects(route, call)), result(answer)));
            }
            return answer;
        }) : handler.get();
    }

    /** Puts on record what a known caller was not allowed to do. */
    void refused(Route route, HttpRequest request, RequestGuard.Verdict verdict, Peer peer) {
        if (route.isOperators() && verdict.known() != null) {
            Map<String, String> subjects = new LinkedHashMap<>();
            ofNamespace(verdict.known().caller(), subjects);
            try {
                ofUrl(QueryString.of(request.getUri().rawQueryString().orElse("")), subjects);
            } catch (InvalidRequest unreadable) {
                // It is refused all the same.
            }
            audit.refused(Act.refusal(who(verdict.known(), peer), action(route),
                route.path().contains("{") ? request.getUri().path() : shown(subjects),
                String.valueOf(verdict.refusal().status())));
        }
    }

    static Who who(Access.Known known, Peer peer) {
        return new Who(known.caller().name(), known.caller().role().text(),
            known.how().name().toLowerCase(Locale.ROOT), peer.address().getHostAddress());
    }

    /** One request, seen by the audit. */
    private final class Doing implements Audit.Doing<HttpAnswer> {

        private final String gid;
        private final Supplier<CompletionStage<HttpAnswer>> handler;

        Doing(String gid, Supplier<CompletionStage<HttpAnswer>> handler) {
            this.gid = gid;
            this.handler = handler;
        }

        @Override
        public CompletionStage<String> state() {
            return gid.isEmpty() ? Continuations.now("") : status.apply(gid);
        }

        @Override
        public CompletionStage<HttpAnswer> act() {
            return handler.get();
        }

        @Override
        public String result(HttpAnswer answer) {
            return Recorded.result(answer);
        }
    }

    private static String result(HttpAnswer answer) {
        return String.valueOf(answer.status());
    }

    private static String action(Route route) {
        return route.method() + " " + route.path();
    }

    /** What a call is about, and its reason. */
    private static Map<String, String> subjects(Route route, Route.Call call) {
        Map<String, String> found = new LinkedHashMap<>();
        ofNamespace(call.caller(), found);
        ofUrl(call.query(), found);
        if (!route.method().equals("GET") && call.body().length > 0) {
            KEYS.forEach(keys -> ofBody(call.body(), keys, found));
        }
        String besides = found.get("gid");
        if (besides != null && call.names().containsKey("gid")) {
            found.put("new_gid", besides);
        }
        // Last: nothing that is sent besides may hide what the path names.
        found.putAll(call.names());
        String reason = call.headers().apply(REASON);
        if (!reason.isEmpty()) {
            found.put(WHY, reason);
        }
        return found;
    }

    private static void ofNamespace(Caller caller, Map<String, String> found) {
        if (!caller.namespace().equals(Context.DEFAULT_NAMESPACE)) {
            found.put("namespace", caller.namespace());
        }
    }

    private static String id(Caller caller, String gid) {
        return gid.isEmpty() ? gid : new TransactionId(caller.namespace(), gid).text();
    }

    private static void ofUrl(QueryString query, Map<String, String> found) {
        for (String each : SUBJECTS) {
            put(found, each, query.written(each));
        }
    }

    /** What cannot be read is refused by the handler. */
    private static void ofBody(byte[] body, KnownKeys keys, Map<String, String> found) {
        try {
            JsonIn.whole(body, in -> {
                in.object("the body", keys, key -> put(found, key, switch (key) {
                    case "seconds", "millis" -> String.valueOf(in.integer(key));
                    case "on", "dry_run" -> String.valueOf(in.flag(key));
                    // Which transactions; it holds nothing that was sent to anybody.
                    case "filter" -> Bytes.of(in.raw()).toUtf8();
                    default -> in.text(key);
                }));
                return found;
            });
        } catch (InvalidRequest unreadable) {
            // What was found before that is told.
        }
    }

    private static void put(Map<String, String> found, String name, String value) {
        if (!value.isEmpty()) {
            String text = name.equals("url") ? Act.withoutSecrets(value) : value.strip();
            found.put(name, Limits.cut(text, VALUE_CHARS));
        }
    }

    private static Act intent(Route route, Who who, Map<String, String> subjects) {
        return Act.intent(
            who, action(route), shown(subjects), subjects.getOrDefault(WHY, ""));
    }

    private static String shown(Map<String, String> subjects) {
        return subjects.entrySet().stream().filter(each -> !each.getKey().equals(WHY))
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
    }
}
