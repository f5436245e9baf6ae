package io.pactor.spring.boot;

/** The coordinator cannot be embedded in this application. */
final class EmbeddedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String remedy;

    EmbeddedException(String problem, String remedy, Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
