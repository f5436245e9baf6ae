package security;

import java.util.Locale;

/** What a request needs of its caller. Each route and each method of gRPC names one. */
public enum Permission {

    /** Nothing: whether the server lives, and can serve. */
    NONE,

    /** That the caller is known, whatever its role: what the server is, and can do. */
    KNOWN,

    /** To read the metrics. */
    METRICS,

    /** To begin transactions, and to go on with one's own. */
    TRANSACT,

    /** To read transactions, lists, histories, events and topics. */
    READ,

    /** To read what was sent to participants, and what they answered. */
    READ_PAYLOADS,

    /** To change other people's transactions, and topics. */
    OPERATE,

    /** To use the test mode. */
    TEST,

    /** To see how the server is set up. */
    ADMINISTER;

    /** Whether it concerns all namespaces, so that a caller of one alone does not have it. */
    boolean isOfServer() {
        return this == METRICS || this == TEST || this == ADMINISTER;
    }

    /** Its name in messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
