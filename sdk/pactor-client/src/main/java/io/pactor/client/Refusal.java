package io.pactor.client;

import java.util.List;

/** A coordinator's no. */
final class Refusal {

    /** Words of a 409 that is about what the gid stands for, and not about how it went. */
    private static final List<String> OF_GID = List.of("was used with other content",
        "was used by a transaction that has ended and was removed", "was registered with other");

    private Refusal() {}

    static RejectedException of(String gid, Answer answer) {
        String said = answer.message();
        if (answer.isWrongPath()) {
            said = "there is no coordinator at " + answer.base() + Transport.PATH
                + " (404 " + answer.message() + "); is the url or its path wrong?";
        } else if (answer.status() >= 200 && answer.status() < 400) {
            said = "what answers at " + answer.base() + " is no coordinator (status "
                + answer.status() + "); is the url wrong, or a proxy in between?";
        } else if (said.isEmpty()) {
            said = answer.base() + " answered " + answer.status();
        }
        return new RejectedException(gid, answer.status(),
            gid.isEmpty() ? said : "transaction " + gid + ": " + said);
    }

    /** Whether it may only say that the transaction has gone on already. */
    static boolean isRepeat(Answer answer) {
        return answer.status() == 409 && OF_GID.stream().noneMatch(answer.message()::contains)
            && answer.message().contains("current status '");
    }

    /** Whether it is about the request, so that looking at the record cannot help. */
    static boolean isFinal(Answer answer) {
        return answer.status() != 0 && answer.status() != 425 && answer.status() < 500
            && (answer.status() != 409 || OF_GID.stream().anyMatch(answer.message()::contains)
                || isOtherMode(answer.message()));
    }

    private static boolean isOtherMode(String said) {
        return said.matches("(?s)gid .* is an? \\w+, not an? \\w+\\..*");
    }
}
