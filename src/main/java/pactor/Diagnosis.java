package pactor;

import java.util.Locale;

/**
 * What one check of {@code pactor doctor} found.
 *
 * @param check what was looked at, one word
 * @param verdict how it is
 * @param found what was found; one line without secrets
 * @param advice what to do; empty if nothing is to be done
 */
record Diagnosis(String check, Verdict verdict, String found, String advice) {

    /** How it is. The worst comes last. */
    enum Verdict {
        OK, WARN, FAIL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Diagnosis {
        found = LogLine.escaped(Secret.maskedUrl(found));
        advice = LogLine.escaped(Secret.maskedUrl(advice));
    }

    static Diagnosis ok(String check, String found) {
        return new Diagnosis(check, Verdict.OK, found, "");
    }

    static Diagnosis warn(String check, String found, String advice) {
        return new Diagnosis(check, Verdict.WARN, found, advice);
    }

    static Diagnosis fail(String check, String found, String advice) {
        return new Diagnosis(check, Verdict.FAIL, found, advice);
    }

    /** For people. */
    String line() {
        return String.format("%-4s  %-13s %s", verdict.word(), check, found)
            + (advice.isEmpty() ? "" : " -> " + advice);
    }
}
