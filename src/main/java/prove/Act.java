package prove;

/** What is asked of a participant, whatever the mode calls it. */
enum Act {
    ACTION, UNDO, CONFIRM
}
