package prove;

/** What is asked of a participant, whatever the mode calls it. */
enum ProveOp {
    ACTION, UNDO, CONFIRM
}
