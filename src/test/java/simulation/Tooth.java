package simulation;

/** A bug planted on purpose, to see whether the oracle would find it. */
enum Tooth {
    NONE("the rules as they are"),
    CALL_BEFORE_WRITE("call before persist"),
    ACK_BEFORE_WRITE("ack before persist"),
    END_BEFORE_THE_LAST("terminal before last branch"),
    UNDO_ONLY_SUCCEEDED("compensate only branches with SUCCESS"),
    SKIP_THE_FAILED("skip the failing branch"),
    UNDO_FORWARD("compensate in forward order"),
    ACT_WHILE_ABORTING("action after Aborting"),
    UNKNOWN_IS_FAILURE("FAILURE on a time-out, 500 counted as FAILURE"),
    REFUSED_CONFIRM_ABORTS("409 of Confirm counted as abort"),
    JOIN_AFTER_DECISION("register after decision accepted"),
    SUBMIT_AFTER_ABORT("submit after abort accepted"),
    OTHER_CONTENT("second body under same gid executed"),
    NO_BACKOFF("retry without backoff"),
    NO_CAP("backoff without cap"),
    TIMER_LOST("timer lost on restart"),
    UNREAD_ENDS_SWEEPS("after a failed read the index is not read again"),
    WAKE_NOT_COUNTED("the answer to a wake-up is not counted"),
    DUE_ROW_LOST("due row deleted before terminal"),
    REPLAY_CALLS("replay emits effects"),
    CLOCK_IN_REPLAY("non-deterministic evolve (clock)"),
    SKIPS_A_NUMBER("duplicate key retried with n+2"),
    STALE_GOES_ON("stale incarnation keeps calling after wake"),
    PAYLOAD_CHANGED("payload re-encoded"),
    SILENCE_IS_NO("query-prepared unknown is failed"),
    MESSAGE_ORDER("msg branch order lost"),
    ORDERS_FORGOTTEN("concurrent orders reversed wrongly"),
    RESULT_OVERWRITTEN("workflow result overwritten"),
    CONFIRM_FORWARD("confirm in order of registration"),
    COUNT_NOT_KEPT("retry limit not persisted"),
    PUT_OFF_COUNTS("a call that was not made counts as a try"),
    UNDO_GIVEN_UP("compensation dropped by count"),
    DELAY_IGNORED("message delivered before its delay"),
    PARKED_GOES_ON("a parked transaction calls all the same"),
    PARKED_AT_ONCE("parked before the limit is reached"),
    PAUSED_GOES_ON("a paused transaction calls all the same"),
    PAUSE_WITHOUT_END("a pause does not end when its time is over"),
    SETTLED_IN_FLIGHT("an operator settles what is being called"),
    SETTLED_OUT_OF_TURN("an operator settles what has not had its turn"),
    FORBIDDEN_IS_FAILURE("whoever may not be called counts as having refused"),
    FORBIDDEN_IS_RETRIED("whoever may not be called is tried again, and nobody is told");

    final String text;

    Tooth(String text) {
        this.text = text;
    }
}
