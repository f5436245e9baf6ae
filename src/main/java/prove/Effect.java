package prove;

/**
 * What one action does to the state, as far as it is known yet. A participant that shows lists or
 * ids has another state after each action; then only differences count.
 */
final class Effect {

    private State before = State.NONE;
    private State after = State.NONE;
    private boolean isSteady;
    private boolean isContradicted;

    /** One call of an action led from one state to the other, and nothing else was done. */
    void learn(State from, State to) {
        if (before.isNone()) {
            before = from;
            after = to;
        } else if (from.shows(before)) {
            isContradicted |= !to.shows(after);
            isSteady = !isContradicted;
        }
    }

    /** Whether an action can be seen. */
    boolean isShown() {
        return !before.isNone() && !before.shows(after);
    }

    /** Whether {@code to} may be what one action makes of {@code from}. */
    boolean allows(State from, State to) {
        return !isSteady || !from.shows(before) || to.shows(after);
    }

    State after() {
        return after;
    }
}
