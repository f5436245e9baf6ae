package prove;

/** What is asked of a participant, whatever the mode calls it. */
enum BranchOp {
    ACTION, UNDO, CONFIRM
}
