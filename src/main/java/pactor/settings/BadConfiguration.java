package pactor.settings;

import java.util.List;

/**
 * The configuration cannot be used. Carries every problem that was found, one line each, in words
 * for the operator: the key, the value (a secret is masked), where it came from, what is allowed.
 */
public final class BadConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public BadConfiguration(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    public BadConfiguration(String problem) {
        this(List.of(problem));
    }

    /** At least one line. */
    public List<String> problems() {
        return problems;
    }
}
