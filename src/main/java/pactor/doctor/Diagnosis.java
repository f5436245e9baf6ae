package pactor.doctor;

import java.util.Locale;
import pactor.settings.ControlCharacters;
import pactor.settings.Secret;

/**
 * What one check of {@code pactor doctor} found.
 *
 * @param check what was looked at, one word
 * @param verdict how it is
 * @param found what was found; one line without secrets
 * @param advice what to do; empty if nothing is to be done
 */
public record Diagnosis(String check, Verdict verdict, String found, String advice) {

    /** How it is. The worst comes last. */
    public enum Verdict {
        OK, WARN, FAIL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Diagnosis {
        found = ControlCharacters.escaped(Secret.maskedUrl(found));
        advice = ControlCharacters.escaped(Secret.maskedUrl(advice));
    }

    public static Diagnosis ok(String check, String found) {
        return new Diagnosis(check, Verdict.OK, found, "");
    }

    public static Diagnosis warn(String check, String found, String advice) {
        return new Diagnosis(check, Verdict.WARN, found, advice);
    }

    public static Diagnosis fail(String check, String found, String advice) {
        return new Diagnosis(check, Verdict.FAIL, found, advice);
    }

    /** For people. */
    public String line() {
        return String.format("%-4s  %-13s %s", verdict.word(), check, found)
            + (advice.isEmpty() ? "" : " -> " + advice);
    }
}
