package prove;

import credential.ToolCredentials;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import transaction.HttpUrl;
import transaction.InvalidRequest;
import transaction.VerdictMode;

/**
 * Which participant is to be proved, and how.
 *
 * <p>In urls and payloads the text {@code {gid}} stands for the gid of the call, for a participant
 * that wants an id of its own in there.
 *
 * @param action the url of the action, of the try in TCC, of the first phase in XA
 * @param undo the url of what undoes it
 * @param confirm the url of the confirm or commit, if that is to be proved too
 * @param payload of the action; empty for a GET
 * @param undoPayload of undo and confirm, if it is another one
 * @param refusedPayload of an action that the business refuses
 * @param state a url whose answer to a GET shows what the participant has done
 * @param ignored fields of that answer, at any depth, that change by themselves
 * @param headers that go along with each call, to {@code state} too
 * @param runs how often what depends on timing is tried, 1 to {@link #RUNS_MAX}
 * @param seed of the delays
 * @param requestTimeout for which the coordinator waits for an answer, at most
 *     {@link #REQUEST_TIMEOUT_MAX}
 * @param within time for everything, at most {@link #WITHIN_MAX}
 * @param verdicts how answers are read
 * @param restart ends the participant, whatever it does, and starts it again at the same address
 *     over the same data; empty if that cannot be done from here
 * @param credentials what else the participant is shown; it is in no report
 */
public record ProveOptions(ProveMode mode, String action, String undo, Optional<String> confirm,
        String payload, Optional<String> undoPayload, Optional<String> refusedPayload,
        Optional<String> state, Set<String> ignored, Map<String, String> headers, int runs,
        long seed, Duration requestTimeout, Duration within, VerdictMode verdicts,
        Optional<Runnable> restart, ToolCredentials credentials) {

    /** Each run is a few dozen calls; with more, a participant is loaded rather than proved. */
    public static final int RUNS_MAX = 1_000;

    /** Longer than a client waits for anything. */
    public static final Duration REQUEST_TIMEOUT_MAX = Duration.ofMinutes(1);

    /** A run that takes longer is forgotten by whoever started it. */
    public static final Duration WITHIN_MAX = Duration.ofHours(1);

    public ProveOptions {
        ignored = Set.copyOf(ignored);
        headers = Map.copyOf(headers);
        url("action", action);
        url("undo", undo);
        confirm.ifPresent(url -> url("confirm", url));
        state.ifPresent(url -> url("state", url));
        require(confirm.isEmpty() || mode.confirm().isPresent(), "a saga confirms nothing");
        require(runs >= 1 && runs <= RUNS_MAX, "runs is from 1 to " + RUNS_MAX);
        within("request timeout", requestTimeout, REQUEST_TIMEOUT_MAX);
        within("time for everything", within, WITHIN_MAX);
    }

    /** Those of a saga without a payload, with every default. */
    public static Builder of(String action, String undo) {
        return new Builder(action, undo);
    }

    private static void url(String name, String url) {
        try {
            HttpUrl.parse(url.replace(Branch.GID, "gid"));
        } catch (InvalidRequest wrong) {
            throw new IllegalArgumentException("the url of " + name + ": " + wrong.getMessage());
        }
    }

    private static void within(String name, Duration time, Duration max) {
        require(!time.isNegative() && !time.isZero() && time.compareTo(max) <= 0,
            name + " is more than nothing, and at most " + max.toSeconds() + " s");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Gathers options; {@link #build} checks them. */
    public static final class Builder {

        private final String action;
        private final String undo;
        private ProveMode mode = ProveMode.SAGA;
        private Optional<String> confirm = Optional.empty();
        private String payload = "";
        private Optional<String> undoPayload = Optional.empty();
        private Optional<String> refusedPayload = Optional.empty();
        private Optional<String> state = Optional.empty();
        private Set<String> ignored = Set.of();
        private Map<String, String> headers = Map.of();
        private int runs = 20;
        private long seed = 1;
        private Duration requestTimeout = Duration.ofSeconds(3);
        private Duration within = Duration.ofSeconds(60);
        private VerdictMode verdicts = VerdictMode.DTM;
        private Optional<Runnable> restart = Optional.empty();
        private ToolCredentials credentials = ToolCredentials.NONE;

        private Builder(String action, String undo) {
            this.action = action;
            this.undo = undo;
        }

        /** Saga by default. */
        public Builder mode(ProveMode value) {
            mode = value;
            return this;
        }

        /** Of TCC or XA; the confirm is proved then. */
        public Builder confirm(String url) {
            confirm = Optional.of(url);
            return this;
        }

        /** Of the action, and of the undo unless that has its own. */
        public Builder payload(String body) {
            payload = body;
            return this;
        }

        /** Of undo and confirm, if it is not the action's. */
        public Builder undoPayload(String body) {
            undoPayload = Optional.of(body);
            return this;
        }

        /** Of an action that the business refuses; refusals are proved then. */
        public Builder refusedPayload(String body) {
            refusedPayload = Optional.of(body);
            return this;
        }

        /** A GET that shows what was done. Without it only answers can be compared. */
        public Builder state(String url) {
            state = Optional.of(url);
            return this;
        }

        /** Fields of the state that change by themselves. */
        public Builder ignored(Set<String> fields) {
            ignored = fields;
            return this;
        }

        /** They go along with each call. */
        public Builder headers(Map<String, String> all) {
            headers = all;
            return this;
        }

        /** 20 by default. */
        public Builder runs(int count) {
            runs = count;
            return this;
        }

        /** 1 by default. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** 3 seconds by default, as the coordinator's. */
        public Builder requestTimeout(Duration time) {
            requestTimeout = time;
            return this;
        }

        /** 60 seconds by default. */
        public Builder within(Duration time) {
            within = time;
            return this;
        }

        /** As DTM by default. */
        public Builder verdicts(VerdictMode value) {
            verdicts = value;
            return this;
        }

        /** For checks of what becomes of a kill between commit and answer. */
        public Builder restart(Runnable endAndStart) {
            restart = Optional.of(endAndStart);
            return this;
        }

        /** Nothing by default. */
        public Builder credentials(ToolCredentials all) {
            credentials = all;
            return this;
        }

        /** @throws IllegalArgumentException if one of them is out of its bounds */
        public ProveOptions build() {
            ProveOptions options = new ProveOptions(mode, action, undo, confirm, payload,
                undoPayload, refusedPayload, state, ignored, headers, runs, seed, requestTimeout,
                within, verdicts, restart, credentials);
            Branch any = new Branch("gid", "01", false);
            callable(any.call(ProveOp.ACTION, options).url());
            callable(any.call(ProveOp.UNDO, options).url());
            confirm.ifPresent(url -> callable(any.call(ProveOp.CONFIRM, options).url()));
            state.ifPresent(Builder::callable);
            return options;
        }

        /** The coordinator's own client may call hosts that the JDK's does not, as with a "_". */
        private static void callable(String url) {
            URI uri = URI.create(url);
            require(uri.getHost() != null, url + " names no host that can be called from here");
            require(uri.getUserInfo() == null,
                "give the user and password of the state's url with a header");
        }
    }
}
