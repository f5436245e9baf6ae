package transaction;

/** What an outcome means for the operation that brought it. */
enum Verdict {
    /** It is done. */
    SUCCEEDED,
    /** It is refused for good. */
    FAILED,
    /** The participant is at work: ask again at the same pace. */
    AGAIN,
    /** All is well, but it is no end: ask again at the first pace. */
    AGAIN_AFRESH,
    /** Nothing is known: ask again, more slowly. */
    AGAIN_SLOWER,
    /** Ask again at once, but count it. */
    AGAIN_AT_ONCE,
    /** Nobody was asked: ask later, and count nothing. */
    PUT_OFF,
    /** Nobody may be asked: it is left to an operator. */
    FORBIDDEN
}
