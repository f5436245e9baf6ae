package prove;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;

/** What the checks of one run share. */
final class ProveRun {

    private static final int ID_CHARS = 10;

    private final ProveOptions options;
    private final ParticipantClient caller;
    private final Curl curl;
    private final Effect effect = new Effect();
    private long until;
    private boolean isStateless;
    private int gids;
    private int late;
    private int calls;

    ProveRun(ProveOptions options, ParticipantClient caller) {
        this.options = options;
        this.caller = caller;
        curl = new Curl("prove-" + id());
        until = System.nanoTime() + options.within().toNanos();
    }

    /** Not of the seed: a participant may remember the last run. */
    private static String id() {
        Random random = new SecureRandom();
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_CHARS; i++) {
            id.append(Character.forDigit(random.nextInt(36), 36));
        }
        return id.toString();
    }

    ProveOptions options() {
        return options;
    }

    ParticipantClient caller() {
        return caller;
    }

    Curl curl() {
        return curl;
    }

    Effect effect() {
        return effect;
    }

    /** One that no other trial has. */
    String gid() {
        return curl.prefix() + "-" + gids;
    }

    void nextTrial() {
        gids++;
    }

    /** The state cannot be used, so it is not asked for any more. */
    void forgetState() {
        isStateless = true;
    }

    /** Where the state is shown; empty if it is not. */
    String stateUrl() {
        return isStateless ? "" : options.state().orElse("");
    }

    /** Some more time, for what must not be left undone. */
    void extend(Duration more) {
        until = System.nanoTime() + more.toNanos();
    }

    void notice(CallResult reply) {
        calls++;
        late += reply.isLate() ? 1 : 0;
    }

    int calls() {
        return calls;
    }

    int late() {
        return late;
    }

    /** @throws OutOfTime if there is none left */
    void checkTime() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (System.nanoTime() - until > 0) {
            throw new OutOfTime();
        }
    }
}
