package prove;

/** What somebody got wrong, and the check that must tell it. */
enum Bug {
    NO_BARRIER("action-again"),
    ROW_COMMITTED_APART_FROM_THE_WORK("refused-again"),
    COMPENSATION_OF_A_REFUSED_ACTION_RUNS_AS_IN_DTMCLI_JAVA("refused-undo"),
    UNDO_NOT_IDEMPOTENT("undo-again"),
    LATE_ACTION_RUNS("late-action"),
    LATE_ACTION_RUNS_A_LITTLE_LATER("late-action"),
    EMPTY_UNDO_RUNS("empty-undo"),
    ACTION_RUNS_AGAIN_AFTER_ITS_UNDO("action-after-undo"),
    REPEAT_GETS_AN_EMPTY_ANSWER("same-answer"),
    REPEAT_GETS_A_NUMBER_OF_ITS_OWN("same-answer"),
    UNDO_REPEAT_GETS_ANOTHER_ANSWER("same-answer"),
    KEY_WITHOUT_OP("undo"),
    KEY_WITHOUT_BRANCH("two-branches"),
    KEY_WITHOUT_GID("action-again"),
    UNDO_FINDS_ANY_BRANCH_OF_ITS_GID("two-branches"),
    KEY_IGNORES_CASE("gid-case"),
    KEY_TRIMS_BLANKS("gid-blank"),
    KEY_CUTS_THE_GID_AT_64("gid-long"),
    ACTION_CHECKS_THEN_ACTS("action-parallel"),
    UNDO_CHECKS_THEN_ACTS("undo-parallel"),
    UNDO_OVERTAKES_AN_ACTION_IN_PROGRESS("action-meets-undo"),
    PARALLEL_REPEAT_IS_REFUSED("action-parallel"),
    REPEAT_OF_THE_ACTION_IS_REFUSED("action-again"),
    REPEAT_OF_THE_ACTION_IS_AN_ERROR("action-again"),
    REPEAT_OF_THE_UNDO_IS_REFUSED("undo-again"),
    REPEAT_OF_THE_UNDO_IS_404("undo-again"),
    EMPTY_UNDO_IS_REFUSED("empty-undo"),
    EMPTY_UNDO_IS_404("empty-undo"),
    EMPTY_UNDO_IS_204("empty-undo"),
    ANSWERS_201("action"),
    ANSWERS_204("action"),
    ANSWERS_302("action"),
    ANSWERS_500_AFTER_THE_COMMIT("action"),
    UNDO_ANSWERS_500_AFTER_THE_COMMIT("undo"),
    SAYS_FAILURE_IN_A_200("action"),
    SAYS_ONGOING_FOR_EVER("action"),
    ANSWERS_TOO_LATE("action"),
    REFUSES_WITH_400("refused"),
    REFUSES_WITH_A_200("refused"),
    REFUSES_AFTER_HALF_OF_THE_WORK("refused"),
    REFUSAL_BECOMES_SUCCESS_WHEN_REPEATED("refused-again"),
    UNDO_DOES_NOTHING("undo"),
    UNDO_GIVES_BACK_ONE_PIECE("undo"),
    ACTION_DOES_NOTHING("action"),
    REPEAT_AFTER_A_LOST_ANSWER_RUNS("lost-answer"),
    CONFIRM_NOT_IDEMPOTENT("confirm-again"),
    CONFIRM_CHECKS_THEN_ACTS("confirm-parallel"),
    CONFIRM_IS_REFUSED_WHEN_REPEATED("confirm-again"),
    CONFIRM_DOES_NOTHING("confirm");

    private final String check;

    Bug(String check) {
        this.check = check;
    }

    String check() {
        return check;
    }

    /** Whether it takes luck to meet it. */
    boolean isOfTiming() {
        return check.contains("parallel") || check.contains("meets") || check.contains("lost");
    }

    boolean isOfTcc() {
        return name().startsWith("CONFIRM");
    }
}
