package io.pactor.spring.participant;

/**
 * A participant is put together in a way that cannot be safe. Thrown when the application starts
 * where it can be seen then, else by the call; the text names bean or class, method, and the
 * remedy.
 */
public final class ParticipantException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String remedy;

    ParticipantException(String problem, String remedy) {
        super(problem + ". " + remedy);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** What is wrong, without a full stop. */
    public String problem() {
        return problem;
    }

    /** What to do about it, as a sentence. */
    public String remedy() {
        return remedy;
    }
}
