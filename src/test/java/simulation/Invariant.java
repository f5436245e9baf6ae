package simulation;

/**
 * What must hold, under the ids of the failure model; H4 is the fourth law of the house. Not here,
 * since one coordinator without a network shows nothing of it: C10 (neighbours), W4 (the order in
 * which a workflow's client undoes), X6 (heuristic outcomes), L2 to L4 and L6 to L9 (times).
 */
enum Invariant {
    C1("what was acknowledged is in the journal"),
    C2("one terminal event at most, and nothing after it"),
    C3("the status follows the mode's arrows"),
    C4("a call is enabled by what is in the journal"),
    C5("a refusal is for ever"),
    C6("a call says what was declared"),
    C7("only an answer with a verdict settles anything"),
    C8("replay gives what is living, without a gap"),
    C9("a due row exactly while it is unfinished and not parked"),
    C11("the same again changes nothing, other content is refused"),
    C12("never submitted, never called forward"),
    C13("no call after the end, but by a superseded host within its fence"),
    C14("no more receipts than calls and copies"),
    C15("a forced stop is on record exactly if somebody asked for it"),
    S1("an acknowledged saga ends"),
    S2("succeed: each action succeeded, nothing was undone"),
    S3("failed: the cause is on record"),
    S4("failed: whatever may have run is undone"),
    S5("what was never enabled is not undone"),
    S6("a sequential saga keeps its order, both ways"),
    S7("a concurrent saga keeps its orders, both ways"),
    S8("no action starts once it has turned back"),
    S9("each action's effect stays once, or not at all"),
    S10("a compensation is tried until it succeeds"),
    S11("time-outs and retry limits turn back from submitted alone, and exactly"),
    P1("a parked transaction calls nobody"),
    P2("parked because one operation went wrong too often or may not be called, unparked because an"
        + " operator said so"),
    P3("a paused transaction calls nobody"),
    P4("paused because an operator said so, resumed because one did or its time was over"),
    O1("settled by hand because an operator said so, in its turn, with no call on its way"),
    O2("changed because an operator said so, and before it is settled"),
    O3("what an operator was told is done is on record"),
    T1("never both confirmed and cancelled"),
    T2("confirmed because submitted, cancelled because turned back"),
    T3("the branches are those of the moment of decision"),
    T4("from the last branch to the first, one at a time"),
    T5("no try before its registration is on record"),
    T6("prepared for too long it turns back, and stays so"),
    T7("tried and confirmed once each, or no effect at all"),
    M1("delivered because submitted"),
    M2("a silent initiator is asked, never guessed"),
    M3("delivered in order unless concurrent"),
    M4("a message undoes nothing"),
    M5("delivered exactly if the local transaction committed"),
    M6("not before its delay is over"),
    M7("to those who subscribed when it was opened"),
    X1("all commit or all roll back"),
    X2("committed because submitted, rolled back because turned back"),
    X3("no branch joins after the decision"),
    X4("each branch takes the decided way"),
    X5("nothing prepared is left behind"),
    W1("a recorded step is shown to whoever resumes"),
    W2("one result for each step"),
    W3("the first end stands, byte for byte"),
    W5("called back with its name and data while unfinished"),
    W6("ended by its initiator or an operator alone"),
    L1("what can end ends within bounded time once the faults stop"),
    L5("a wait grows as it should and never beyond the cap"),
    H4("what is settled is not called again");

    final String text;

    Invariant(String text) {
        this.text = text;
    }
}
