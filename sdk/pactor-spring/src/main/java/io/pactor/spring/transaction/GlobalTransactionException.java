package io.pactor.spring.transaction;

/**
 * {@link GlobalTransaction} or {@link Tcc} stands where it cannot work. Thrown when the application
 * starts; the text names bean, method, and the remedy.
 */
public final class GlobalTransactionException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String remedy;

    GlobalTransactionException(String problem, String remedy) {
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
