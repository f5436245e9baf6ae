package simulation;

import java.util.SplittableRandom;

/**
 * How likely each kind of trouble is in one schedule. Drawn for each schedule apart, many of them
 * zero: what one kind of trouble hides another schedule shows.
 */
record Rates(
        double requestLost,
        double answerLost,
        double late,
        double copied,
        double ongoing,
        double error,
        double refusal,
        double rejected,
        double notWritten,
        double writtenButError,
        double slowWrite,
        double crash,
        double stale,
        double askLost,
        double initiatorDies,
        double repeat,
        double other,
        double meddling,
        double stop,
        double putOff,
        double forbidden,
        double operating) {

    /** After all faults have stopped. */
    static final Rates CALM =
        new Rates(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final double[] USUAL = {0, 0, 0.05, 0.15, 0.4};
    private static final double[] RARE = {0, 0, 0.02, 0.05, 0.1};

    static Rates drawn(SplittableRandom random) {
        return new Rates(usual(random), usual(random), usual(random), usual(random),
            usual(random), usual(random), usual(random), rare(random), rare(random),
            rare(random), rare(random), rare(random) / 2, rare(random) / 2, usual(random),
            rare(random), usual(random), usual(random), usual(random), rare(random) / 2,
            usual(random), rare(random), usual(random));
    }

    private static double usual(SplittableRandom random) {
        return USUAL[random.nextInt(USUAL.length)];
    }

    private static double rare(SplittableRandom random) {
        return RARE[random.nextInt(RARE.length)];
    }
}
