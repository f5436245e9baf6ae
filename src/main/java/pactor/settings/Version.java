package pactor.settings;

import pactor.Pactor;

/** The version of Pactor, as the jar's manifest has it. */
public final class Version {

    private Version() {}

    /** Such as {@code 0.1.0}; {@code dev} when this runs from classes and not from a jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
