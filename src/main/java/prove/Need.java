package prove;

/** What a check cannot do without. */
enum Need {
    /** A state that is shown, and does not change by itself. */
    STATE,
    /** An action that works. */
    ACTION,
    /** An undo that works. */
    UNDO,
    /** A confirm to call. */
    CONFIRM,
    /** A payload that the business refuses. */
    REFUSAL,
    /** A mode in which an action may be repeated. */
    REPEATS,
    /** An action that the state shows. */
    SHOWN
}
