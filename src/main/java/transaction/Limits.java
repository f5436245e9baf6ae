package transaction;

import java.time.Duration;

/**
 * Every bound of the product that is not a setting, with the reason for its number. Settings with
 * their defaults are in {@code reference.conf}.
 */
public final class Limits {

    /** DTM's column for a gid, so that any gid accepted here fits the neighbours' tables too. */
    public static final int GID_CHARS = 128;

    /** As wide as a gid: nested ids grow by two digits a level, clients stop at twenty. */
    public static final int BRANCH_ID_CHARS = 128;

    /** Room for a long query string; longer urls do not pass the usual proxies either. */
    public static final int URL_CHARS = 2_048;

    /** A plan of a thousand steps is a mistake in most programs, and still replays in a blink. */
    public static final int STEPS = 1_000;

    /** One step's payload. Larger things belong in a store, with their key in the payload. */
    public static final int PAYLOAD_BYTES = 1 << 20;

    /**
     * All payloads of branches that joined one transaction. It is held in memory and handed back
     * whole, and a thousand of the largest payloads would be neither.
     */
    public static final int TRANSACTION_BYTES = 16 << 20;

    /** {@code custom_data}: the orders of a thousand steps, or a workflow's input. */
    public static final int CUSTOM_DATA_CHARS = 1 << 20;

    /** Extra headers on each branch call: their number, and each name or value. */
    public static final int BRANCH_HEADERS = 64;

    public static final int BRANCH_HEADER_CHARS = 4_096;

    /** What a transaction may be found by: each is a row of an index one day. */
    public static final int ATTRIBUTES = 8;

    /** The name or the value of an attribute: an order number, not a document. */
    public static final int ATTRIBUTE_CHARS = 256;

    /** Of a namespace, a team's name. */
    public static final int NAMESPACE_CHARS = 64;

    /** Twice what the one version of {@code traceparent} that there is has. */
    public static final int TRACE_PARENT_CHARS = 128;

    /** What each party must be able to pass on of {@code tracestate}. */
    public static final int TRACE_STATE_CHARS = 512;

    /** Who did something: longer than any address of mail. */
    public static final int CALLER_CHARS = 256;

    /** Parameters in one url: none of ours has ten, and whoever sends more is not in earnest. */
    public static final int QUERY_PARAMETERS = 100;

    /** Reasons are for people; the rest of a long error page helps nobody. */
    public static final int REASON_CHARS = 1_024;

    /** A workflow's result is handed back to its initiator, so it gets a payload's room. */
    public static final int RESULT_CHARS = 2 << 20;

    /**
     * Fields of one message over gRPC: a step has one for its payload, a header three. Each is an
     * object in memory.
     */
    public static final int MESSAGE_FIELDS = 10_000;

    /** Branches that may join one transaction; each of them costs up to two operations. */
    public static final int BRANCHES = 1_000;

    /** Operations of one transaction: each change of it costs a walk along all of them. */
    public static final int OPS = 2 * BRANCHES;

    /** Calls that one plan tells in all: the largest transaction has as many. */
    public static final int PLAN_CALLS = OPS;

    /** Under a retry limit an action is tried again without a wait, but no more often than this. */
    public static final int TRIES_AT_ONCE = 10;

    /** The longest interval or time-out a client may ask for: ten years, far below overflow. */
    public static final int SECONDS_MAX = 10 * 365 * 24 * 3_600;

    /** The longest topic name and remark; they are keys and labels, not documents. */
    public static final int TOPIC_CHARS = 128;

    public static final int REMARK_CHARS = 1_024;

    /** Subscribers of one topic: each message to it calls them all. */
    public static final int SUBSCRIBERS = 1_000;

    /**
     * Readers of events that one caller has on a node at one time: a quarter of what a node serves
     * by default, and one for each node and screen of a large team.
     */
    public static final int EVENT_READERS_OF_CALLER = 16;

    /** Entries of one page of a history: as many as are read in one go to bring it back. */
    public static final int HISTORY_ENTRIES = 500;

    /** Items of one page of a list below {@code /api/v1}: as many as a person looks at. */
    public static final int PAGE_ITEMS = 100;

    /** Rows of one page of a list. */
    public static final int PAGE_ROWS = 1_000;

    /**
     * Characters of all texts of one page of a list. It ends before the row that would go beyond,
     * unless that is its first one; a thousand rows of usual length are a quarter of it.
     */
    public static final int PAGE_CHARS = 1 << 20;

    /** A {@code custom_data} or result that is longer is left out of lists: see PAGE_CHARS. */
    public static final int LIST_TEXT_CHARS = 4_096;

    /**
     * The longest time for which a participant may ask not to be called ({@code Pactor-Callback}):
     * a person who is asked for a yes may be away for two weeks, and a month is more than that.
     */
    public static final Duration CALLBACK_MAX = Duration.ofDays(31);

    /** The longest pause that ends by itself: whoever says more has mistaken the year. */
    public static final Duration PAUSE_MAX = Duration.ofDays(366);

    /** Participants that are paused at one time; each node reads all of them each second. */
    public static final int HOLDS = 1_000;

    /** After so long it is read again before a call whether its participant is paused. */
    public static final Duration HOLD_FRESH = Duration.ofSeconds(1);

    /** As long as that may take; then what was read last stays in force. */
    public static final Duration HOLD_READ = Duration.ofSeconds(1);

    /** An unfinished transaction with nothing to wait for is looked at this often all the same. */
    public static final Duration IDLE_LOOK = Duration.ofHours(1);

    /** How much of a participant's answer is kept: enough for a reason, four bytes a character. */
    public static final int ANSWER_KEPT_BYTES = 4 * REASON_CHARS;

    /**
     * One string in an answer that is JSON. It is held, at two bytes a character, until its end
     * comes; a verdict has seven characters, and a result of one string that long is rare.
     */
    public static final int ANSWER_STRING_CHARS = 256 << 10;

    /** A participant's answer is searched in pieces of at most this size, as they come in. */
    public static final int ANSWER_PIECE_BYTES = 64 << 10;

    /** Status line and headers of an answer together; servers themselves rarely allow more. */
    public static final int ANSWER_HEAD_BYTES = 32 << 10;

    /** Interim answers (1xx) before the real one; a server that sends more is not in earnest. */
    public static final int INTERIM_ANSWERS = 16;

    /** Requests waiting for one host, in bytes: sixteen of the largest, thousands of usual ones. */
    public static final int QUEUE_BYTES_PER_HOST = 17 << 20;

    /** Names waiting to be looked up; only a resolver that hangs lets so many gather. */
    public static final int LOOKUPS_WAITING = 256;

    /** A host's addresses may be used this long for new connections before they are asked anew. */
    public static final Duration ADDRESS_FRESH = Duration.ofSeconds(1);

    /** A name with more addresses is not tried further in one attempt to connect. */
    public static final int ADDRESSES_TRIED = 3;

    /** Instances of one service that are called in turn; each may be a connection. */
    public static final int ADDRESSES_OF_A_SERVICE = 64;

    /** While a service with several instances is called, it is asked this often where they are. */
    public static final Duration ADDRESSES_ASKED_AGAIN = Duration.ofSeconds(5);

    /** From one attempt to connect to a gRPC participant that just refused to the next. */
    public static final Duration REDIAL_PAUSE = Duration.ofMillis(100);

    /** HTTP/2 frames that may come in while no call ends: a flood, whoever sends more. */
    public static final int FRAMES_WITHOUT_END = 65_536;

    /** Hosts of which it is known how they answer; beyond it that of the longest unused is lost. */
    public static final int HOSTS_JUDGED = 10_000;

    /** An alarm that rings later than this shows that this node was busy, or stood still. */
    public static final Duration OWN_DELAY = Duration.ofMillis(500);

    /** At the end of a call's time what has arrived is still read: one round of a thread. */
    public static final Duration LAST_LOOK = Duration.ofMillis(10);

    /** As long as a call for a token may take: its server is near, and transactions wait for it. */
    public static final Duration TOKEN_FETCH = Duration.ofSeconds(3);

    /** Alerts on their way at one time; further ones are dropped, and counted in the log. */
    public static final int ALERTS_PENDING = 256;

    /** Participants whose alerts are told apart; of more, all others are told together. */
    public static final int ALERT_GROUPS = 1_000;

    /** Transactions that one alert names: enough to begin with, and it stays a short message. */
    public static final int ALERT_GIDS = 20;

    /** Calls of one operation that are kept from its beginning: how the trouble began. */
    public static final int ATTEMPTS_FIRST = 10;

    /** And those from its end: at the longest interval of retries, the last hours. */
    public static final int ATTEMPTS_LAST = 100;

    /** How much of a call's request head, its body and the body of its answer is kept, each. */
    public static final int ATTEMPT_BYTES = 1 << 10;

    /** Calls that nothing follows from and that are not written yet: some megabytes. */
    public static final int ATTEMPTS_WAITING = 1_000;

    /**
     * For how long no call is kept after some could not be: their table may be locked, and each
     * further try would keep the journal waiting as long.
     */
    public static final Duration ATTEMPTS_PAUSE = Duration.ofMinutes(1);

    /** Transactions of one bulk operation: more is no act of an operator, but a program's. */
    public static final int BULK_ITEMS = 10_000;

    /** Bulk operations of a namespace that have not ended, be they paused. */
    public static final int BULKS_OPEN = 10;

    /** Bulk operations of a namespace that are kept; to begin another one removes the oldest. */
    public static final int BULKS_KEPT = 100;

    /** As long as a bulk operation is kept after its end, and paused before it is canceled. */
    public static final Duration BULK_KEPT = Duration.ofDays(30);

    /** The longest id of a bulk operation that a client may give. */
    public static final int BULK_ID_CHARS = 64;

    /** Its filter as JSON: longer than one of all there is to be asked for. */
    public static final int BULK_FILTER_CHARS = 16_000;

    /** One part of so many may have come in addition, between the count and the beginning. */
    public static final int BULK_SLACK = 10;

    /** Transactions that a count names, to see whether these are the ones that are meant. */
    public static final int BULK_SAMPLE = 10;

    /** Transactions of bulk operations that are acted on at one time. */
    public static final int BULK_BATCH = 20;

    /** Transactions of bulk operations that are acted on in a second, on all nodes together. */
    public static final int BULK_PER_SECOND = 100;

    /** From one look for bulk operations to the next, where none runs. */
    public static final Duration BULK_LOOK = Duration.ofSeconds(1);

    /** An answer that takes longer is not waited for: it is not known, and asked for again. */
    public static final Duration BULK_ACT = Duration.ofSeconds(2);

    /** Results that could not be written are tried again after ever longer waits, up to this. */
    public static final Duration BULK_NOTE_WAIT_MAX = Duration.ofSeconds(30);

    /** After so many tries, some 13 minutes, such results are dropped, and their batch is new. */
    public static final int BULK_NOTE_TRIES = 30;

    /** From one look for bulk operations that are too old to the next. */
    public static final Duration BULK_FORGET = Duration.ofHours(1);

    /**
     * Then an item has failed: after about half a minute where each try is answered at once, and a
     * minute and a half where none is in time, while which a node may have come up again.
     */
    public static final int BULK_TRIES = 30;

    private Limits() {}

    /** {@code text}, cut to at most {@code chars} characters without splitting a surrogate pair. */
    public static String cut(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
        return text.substring(0, end);
    }
}
